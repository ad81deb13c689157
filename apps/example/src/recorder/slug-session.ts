import type { Reply, ReplyBlock } from "./reply.ts";
import { slugFix, slugWorkspace } from "./slug-workspace.ts";

export const slugPrompt = `The check in this folder fails. Please find out why and mend it.
Keep letters of every script: Grüße, 東京, שלום, مرحبا, हिन्दी, cafe\u0301, 👩‍👩‍👧‍👦.
`;

const thinking = (text: string): ReplyBlock => ({ type: "thinking", text });
const text = (words: string): ReplyBlock => ({ type: "text", text: words });
const tool = (name: string, input: Readonly<Record<string, unknown>>): ReplyBlock => ({
  type: "tool",
  name,
  input,
});
const bash = (command: string, description: string): ReplyBlock =>
  tool("Bash", { command, description });
const turn = (...blocks: ReplyBlock[]): Reply => ({
  kind: "message",
  blocks,
  thinkMs: 200,
  pieceMs: 25,
});

/** Finds the fault of `slugWorkspace`, mends it in two steps and proves it. `cwd` is the workspace. */
export function slugSession(cwd: string): readonly Reply[] {
  const read = (file: string): ReplyBlock => tool("Read", { file_path: `${cwd}/${file}` });
  const edit = (old_string: string, new_string: string): ReplyBlock =>
    tool("Edit", { file_path: `${cwd}/slug.mjs`, old_string, new_string });
  return [
    turn(
      thinking("First see what is here, and what the project promises."),
      text("I'll look at the folder first. – Zuerst ein Überblick."),
      bash("ls", "List the files"),
      read("README.md"),
    ),
    turn(text("Now the program and its check."), read("slug.mjs"), read("check.mjs")),
    turn(
      thinking("The class [^a-z0-9] throws away everything beyond ASCII. Let the check say so."),
      text("The pattern only knows ASCII. Running the check to see how bad it is:"),
      bash("node check.mjs", "Run the check"),
    ),
    turn(text("Let me see all the names that it has to deal with."), read("names.csv")),
    turn(
      thinking(
        "Ten kinds of names: 日本語, 한국어, עברית, العربية, हिन्दी, combining marks, emoji.",
      ),
      text(
        "The names mix scripts: „Köln“, «Łódź», 東京タワー, 한국어, שלום, مرحبا, हिन्दी, and cafe\u0301 with a combining accent.",
      ),
      bash("cut -d';' -f2 names.csv | grep -c '東京'", "Count one of them"),
      bash("wc -l names.csv slug.mjs check.mjs", "Count lines"),
    ),
    turn(
      thinking("Unicode properties: \\p{L} and \\p{N} with the u flag, NFC first."),
      text("First step: letters and digits of every script."),
      edit(slugFix.before, slugFix.first),
    ),
    turn(text("Again:"), bash("node check.mjs", "Run the check")),
    turn(
      thinking("Marks (\\p{M}) are no letters: हिन्दी falls apart. And dashes stay at both ends."),
      text("Better, not right: vowel signs of हिन्दी are marks, and dashes stay at the ends."),
      read("slug.mjs"),
    ),
    turn(
      text("Second step: take the words instead, each beginning with a letter or a digit."),
      edit(slugFix.first, slugFix.second),
    ),
    turn(text("And again:"), bash("node check.mjs", "Run the check")),
    turn(
      thinking("All right now. Edge cases deserve a test of their own: empty, only emoji."),
      text(
        "All of them. I'll write down the edge cases, too: \u2028 and \u2029, 🏳️‍🌈 alone, nothing.",
      ),
      tool("Write", { file_path: `${cwd}/edge.mjs`, content: edgeCases }),
      bash("node edge.mjs", "Run the edge cases"),
    ),
    turn(
      text("Is it the same each time? Three rounds, a second apart:"),
      bash("for i in 1 2 3; do node check.mjs; sleep 1; done", "Run the check three times"),
    ),
    turn(
      thinking("A note for whoever comes next."),
      text("Last, a note for the next reader."),
      tool("Write", { file_path: `${cwd}/NOTES.md`, content: notes }),
    ),
    turn(bash("cat NOTES.md && node edge.mjs && ls", "A last look")),
    turn(text(summary)),
  ];
}

/** Writes a file whose event is a longer line than a pipe holds: a kill comes in the middle of it. */
export function bigWriteSession(cwd: string): readonly Reply[] {
  const content = slugWorkspace()["names.csv"]?.repeat(12);
  const write = tool("Write", { file_path: `${cwd}/all-names.csv`, content });
  return [...slugSession(cwd).slice(0, 3), turn(text("All the names, twelve times:"), write)];
}

const edgeCases = `import { slug } from './slug.mjs';

const cases = { '': 'untitled', '🏳️‍🌈': 'untitled', 'a\\u2028b': 'a-b', 'ＦＵＬＬ width': 'ｆｕｌｌ-width', 'Ǆ': 'ǆ' };
for (const [name, want] of Object.entries(cases)) {
  const got = slug(name);
  console.log(got === want ? '✓' : '✗', JSON.stringify(name), '→', got);
  if (got !== want) process.exitCode = 1;
}
`;

const notes = `# Notizen · 覚え書き · הערות

- \`\\p{M}\` gehört dazu: हिन्दी braucht seine Vokalzeichen.
- NFC first: "cafe\u0301" and "café" are one name.
- RTL: \u2067שלום עולם\u2069 keeps its order.
`;

const summary = `Done. All 900 names are right now.

- **Cause**: \`[^a-z0-9]\` removed every letter beyond ASCII.
- **Mended**: words of letters, digits and their marks (\`\\p{L}\`, \`\\p{N}\`, \`\\p{M}\`), after NFC.
- **Proved**: \`node check.mjs\` three times, \`node edge.mjs\` for the rest.

Grüße · 完了 · 완료 · סיימתי · انتهيت · हो गया · cafe\u0301 👩‍👩‍👧‍👦 ✅`;
