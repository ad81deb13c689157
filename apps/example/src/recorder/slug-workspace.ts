/** A small project with a fault, for the sessions to work on: what each of its files holds. */
export function slugWorkspace(): Readonly<Record<string, string>> {
  return {
    "README.md": readme,
    "slug.mjs": slug,
    "check.mjs": check,
    "names.csv": names(),
  };
}

/** The program as the session leaves it. */
export const slugFix = {
  before: "  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');",
  first: "  return name.normalize('NFC').toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, '-');",
  second:
    "  const words = name.normalize('NFC').toLowerCase().match(/[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*/gu) ?? [];\n  return words.join('-') || 'untitled';",
} as const;

const readme = `# slug — Kürzel für Namen

\`slug(name)\` makes a name fit for a URL: \`Łódź 2026\` → \`łódź-2026\`.
It must keep letters and digits of every script (한국어, 日本語, עברית, العربية, हिन्दी).
Run \`node check.mjs\`.
`;

const slug = `/** A name as one word for a URL. */
export function slug(name) {
${slugFix.before}
}
`;

const check = `import { readFileSync } from 'node:fs';
import { slug } from './slug.mjs';

const rows = readFileSync(new URL('names.csv', import.meta.url), 'utf8').trim().split('\\n').slice(1);
const wrong = rows.map((row) => row.split(';')).filter(([, name, want]) => slug(name) !== want);
for (const [number, name, want] of wrong.slice(0, 5)) {
  console.log(\`✗ \${number} \${JSON.stringify(name)}: want \${want}, got \${slug(name)}\`);
}
console.log(\`\${rows.length - wrong.length} of \${rows.length} right\`);
process.exitCode = wrong.length === 0 ? 0 : 1;
`;

const samples = [
  ["Grüße aus Köln", "grüße-aus-köln"],
  ["Łódź — Kraków", "łódź-kraków"],
  ["東京タワー 2号", "東京タワー-2号"],
  ["한국어 문서", "한국어-문서"],
  ["שלום עולם", "שלום-עולם"],
  ["مرحبا بالعالم", "مرحبا-بالعالم"],
  ["हिन्दी लेख", "हिन्दी-लेख"],
  ["cafe\u0301 cre\u0300me", "café-crème"],
  ["👩‍👩‍👧‍👦 family 🏳️‍🌈", "family"],
  ["  spaces  &  more  ", "spaces-more"],
] as const;

const rowCount = 900;

/** Big enough that the event which holds its content is a line of more than 100 kB. */
function names(): string {
  const rows = Array.from({ length: rowCount }, (_, index) => {
    const [name, want] = samples[index % samples.length] ?? ["", ""];
    const number = index + 1;
    return `${number};${name} ${number};${want}-${number}`;
  });
  return `number;name;slug\n${rows.join("\n")}\n`;
}
