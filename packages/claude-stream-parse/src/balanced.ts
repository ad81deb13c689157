/** Where the object that begins at `start` ends (one past its brace), or -1 when it never closes. */
export function balancedEnd(line: string, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    const char = line.charCodeAt(at);
    if (char === quote) {
      at = stringEnd(line, at);
      if (at === -1) return -1;
    } else if (char === open) depth++;
    else if (char === close && --depth === 0) return at + 1;
  }
  return -1;
}

/** Where the string that begins at `start` has its closing quote, or -1. */
function stringEnd(line: string, start: number): number {
  let end = line.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(line, end)) end = line.indexOf('"', end + 1);
  return end;
}

/** An odd number of backslashes stands before it. The string's own opening quote stops the count. */
function isEscaped(line: string, at: number): boolean {
  let before = at - 1;
  while (line.charCodeAt(before) === backslash) before--;
  return (at - before) % 2 === 0;
}

const quote = 0x22;
const backslash = 0x5c;
const open = 0x7b;
const close = 0x7d;
