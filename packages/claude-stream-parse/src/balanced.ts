/** Where the object that begins at `start` ends (one past its brace), or -1 when it never closes. */
export function balancedEnd(line: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < line.length; at++) {
    const char = line.charCodeAt(at);
    if (inString) {
      if (char === backslash) at++;
      else if (char === quote) inString = false;
    } else if (char === quote) inString = true;
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return at + 1;
  }
  return -1;
}

const quote = 0x22;
const backslash = 0x5c;
const open = 0x7b;
const close = 0x7d;
