import type { CrashRow } from "./crash-matrix.ts";
import { pointText } from "./kill-points.ts";

const columns = [
  "killed at",
  "Job then",
  "second process",
  "after",
  "lost",
  "rep.",
  "left",
  "verdict",
];
const widths = [58, 10, 14, 8, 5, 5, 18, 8];

export function heading(): string {
  return line(columns);
}

/** One row, for people. What is wrong follows in lines of its own. */
export function rowText({ point, evidence, verdict }: CrashRow): string {
  const { tookOver, left, leases, unsweptLeases } = evidence;
  const remains = [
    ...left,
    ...leases.map(({ name, isKilled }) => {
      if (unsweptLeases.includes(name)) return `lease ${name}`;
      return isKilled ? "lease, swept" : `lease ${name}`;
    }),
  ];
  const cells = [
    pointText(point),
    evidence.standing,
    verdict.deed,
    tookOver === undefined ? "-" : `${(tookOver.afterMs / 1_000).toFixed(1)} s`,
    String(verdict.lost),
    String(verdict.repeated),
    remains.join(" ") || "nothing",
    verdict.wrong.length === 0 ? "ok" : "BAD",
  ];
  return [line(cells), ...verdict.wrong.map((text) => `    ${text}`)].join("\n");
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(" ")
    .trimEnd();
}
