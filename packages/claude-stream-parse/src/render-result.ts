import type { ResultEvent } from "./event-types.ts";
import type { Paint } from "./paint.ts";
import { plainWords } from "./plain-words.ts";

/** The end of a turn: how, what of, and what it cost. An answer was shown already, an error is shown here. */
export function renderResult(event: ResultEvent, paint: Paint): string[] {
  const failed = event.isError || event.subtype !== "success";
  const facts = [
    event.turns !== undefined && `${event.turns} turn${event.turns === 1 ? "" : "s"}`,
    event.totalCostUsd !== undefined && `$${event.totalCostUsd.toFixed(4)}`,
  ].filter((fact) => typeof fact === "string");
  const end = [
    failed ? `✗ ${event.subtype === "success" ? "failed" : event.subtype}` : "✓ done",
    ...facts,
  ].join(" · ");
  if (!failed) return [paint.good(end)];
  const said = plainWords(event.text ?? event.errors[0] ?? "", paint.width - 2);
  return said === "" ? [paint.bad(end)] : [paint.bad(end), paint.bad(`  ${said}`)];
}
