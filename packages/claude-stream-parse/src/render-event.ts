import type { ClaudeEvent } from "./event-types.ts";
import { painter } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { renderAssistant, renderToolResults } from "./render-message.ts";
import { renderNotice } from "./render-notice.ts";
import { renderResult } from "./render-result.ts";

export type RenderOptions = {
  /** ANSI colours. Default false. */
  readonly color?: boolean;
  /** Columns of the terminal. Default 100, at least 20. */
  readonly width?: number;
};

/**
 * An event as lines for a terminal; none for what a reader need not see. Whatever stands in the event, the lines
 * hold no control characters but our own colours.
 */
export function renderEvent(event: ClaudeEvent, options: RenderOptions = {}): string[] {
  return render(event, painter(options.color ?? false, Math.max(20, options.width ?? 100)));
}

function render(event: ClaudeEvent, paint: Paint): string[] {
  if (event.type === "assistant") return renderAssistant(event, paint);
  if (event.type === "user") return renderToolResults(event, paint);
  if (event.type === "result") return renderResult(event, paint);
  const notice = renderNotice(event);
  if (notice === undefined) return [];
  return [notice.startsWith("!") ? paint.warn(notice) : paint.dim(notice)];
}
