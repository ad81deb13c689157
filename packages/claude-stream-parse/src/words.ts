/* oxlint-disable no-control-regex -- Control characters are what is looked for here. */

/** ANSI escape sequences: CSI, OSC (ended by BEL or ST), and the two-character ones. */
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
/** C0 but tab and LF, DEL, C1, bidi controls, zero-width marks, byte order marks, lone surrogates. */
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that is safe to show on a terminal. Tabs and line feeds stay. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(escapes, "").replace(controls, "");
}

/** One line: runs of white space become a space; longer texts end in an ellipsis. */
export function oneLine(text: string, limit: number): string {
  // Cleaning the whole of a megabyte for a hundred characters would be waste.
  const line = printable(text.slice(0, limit * 4))
    .replace(/\s+/g, " ")
    .trim();
  if (line.length > limit) return `${wellFormedHead(line, limit - 1)}…`;
  return text.length > limit * 4 ? `${line}…` : line;
}

/** The first characters, not ending between the halves of a surrogate pair. */
function wellFormedHead(line: string, length: number): string {
  const last = line.charCodeAt(length - 1);
  return line.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
