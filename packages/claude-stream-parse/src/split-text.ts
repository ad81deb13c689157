/** Calls `line` with each line of a text that has LF between its lines, beginning at `start`. */
export function splitText(text: string, start: number, line: (text: string) => void): void {
  let from = start;
  for (let to = text.indexOf("\n", from); to !== -1; to = text.indexOf("\n", from)) {
    line(text.slice(from, to));
    from = to + 1;
  }
  line(text.slice(from));
}
