/** East Asian wide characters and emoji: two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks that sit on the character before them, and format characters such as joiners: none. */
const narrow = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns that a character takes on a terminal. */
function columns(character: string): number {
  if (character.charCodeAt(0) < 0x300) return 1;
  if (narrow.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Where a text passes `width` columns, in UTF-16 units; its length when it does not. */
export function fitting(text: string, width: number): number {
  let used = 0;
  let at = 0;
  for (const character of text) {
    used += columns(character);
    if (used > width) return at;
    at += character.length;
  }
  return at;
}
