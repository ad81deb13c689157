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

/** What `claude` reads from its standard input, and how much of it each part is. */
export interface Prompt {
  readonly text: string;
  /** Characters by part, under the names that the host shows. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The prompt, made of the host's own parts in the order its local adapter for `claude` uses: bootstrap (new
 * sessions), wake, hand-over from an earlier session, task, and the agent's template. The text is that
 * adapter's to the character.
 *
 * A resumed session that was woken for a reason, and a recovery, get no template again: they know it.
 * `text` is `""` when there is nothing to say, which no run may start with.
 */
export function buildPrompt(
  source: PromptSource,
  settings: PromptSettings,
  resumedSession: boolean,
): Prompt {
  const { agent, context, runId } = source;
  const conversationMode = context["conversationMode"] === true;
  const data = {
    agentId: agent.id,
    companyId: agent.companyId,
    runId,
    company: { id: agent.companyId },
    agent,
    run: { id: runId, source: "on_demand" },
    context,
  };
  const wakePayload = context["paperclipWake"];
  const bootstrap = settings.bootstrapPromptTemplate ?? "";
  const task = selectPaperclipTaskMarkdown(context, { resumedSession });
  const wake = renderPaperclipWakePrompt(wakePayload, {
    resumedSession,
    conversationMode,
    // The task's own text has the description; it is not said twice.
    suppressIssueDescription: task.length > 0,
  });
  const knowsTemplate =
    (resumedSession && wake !== "") || isPaperclipRecoveryWakePayload(wakePayload);
  const template =
    settings.promptTemplate ??
    (conversationMode
      ? DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE
      : DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE);
  const parts = {
    bootstrapPromptChars: resumedSession ? "" : renderTemplate(bootstrap, data).trim(),
    wakePromptChars: wake,
    sessionHandoffChars: asString(context["paperclipSessionHandoffMarkdown"], "").trim(),
    taskContextChars: task,
    heartbeatPromptChars: knowsTemplate ? "" : renderTemplate(template, data),
  };
  const text = joinPromptSections(Object.values(parts));
  const sizes = Object.entries(parts).map(([name, part]) => [name, part.length] as const);
  return { text, metrics: { promptChars: text.length, ...Object.fromEntries(sizes) } };
}
