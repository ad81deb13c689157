import {
  asString,
  DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE,
  DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE,
  isPaperclipRecoveryWakePayload,
  joinPromptSections,
  renderPaperclipWakePrompt,
  renderTemplate,
  selectPaperclipTaskMarkdown,
} from "@paperclipai/adapter-utils/server-utils";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import type { Settings } from "../settings/types.ts";

type PromptSource = Pick<AdapterExecutionContext, "agent" | "context" | "runId">;
type PromptSettings = Pick<Settings, "promptTemplate" | "bootstrapPromptTemplate">;

/**
 * What `claude` reads from its standard input, made of the host's own parts in the order its local adapters
 * use: bootstrap (new sessions), wake, hand-over from an earlier session, task, and the agent's template.
 *
 * A resumed session that was woken for a reason, and a recovery, get no template again: they know it.
 * `""` when there is nothing to say, which no run may start with.
 */
export function buildPrompt(
  source: PromptSource,
  settings: PromptSettings,
  resumedSession: boolean,
): string {
  const { agent, context, runId } = source;
  const conversationMode = context["conversationMode"] === true;
  const data = {
    agent,
    agentId: agent.id,
    companyId: agent.companyId,
    runId,
    run: { id: runId },
    context,
  };
  const render = (template: string): string => renderTemplate(template, data);

  const wake = renderPaperclipWakePrompt(context["paperclipWake"], {
    resumedSession,
    conversationMode,
  });
  const knowsTemplate =
    (resumedSession && wake !== "") || isPaperclipRecoveryWakePayload(context["paperclipWake"]);
  const template =
    settings.promptTemplate ??
    (conversationMode
      ? DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE
      : DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE);

  return joinPromptSections([
    resumedSession ? "" : render(settings.bootstrapPromptTemplate ?? ""),
    wake,
    asString(context["paperclipSessionHandoffMarkdown"], ""),
    selectPaperclipTaskMarkdown(context, { resumedSession }),
    knowsTemplate ? "" : render(template),
  ]);
}
