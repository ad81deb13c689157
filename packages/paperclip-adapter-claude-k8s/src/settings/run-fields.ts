import { field, seconds, toggle } from "./field.ts";
import type { FieldsOf, RunSettings } from "./types.ts";
import { httpUrl, oneOf, template, text, textMap, wholeNumber, words } from "./values.ts";

/** Keys about the run itself: who may start, for how long, and what `claude` is told. */
export const runFields: FieldsOf<RunSettings> = {
  guardScope: field<RunSettings["guardScope"]>(oneOf("agent", "task"), "agent", {
    expected: "agent or task",
    hint: "What has at most one Job at a time: an agent, or an agent's task.",
    form: { label: "One Job per", type: "select", default: "task", options: ["agent", "task"] },
  }),
  busyWaitSec: seconds(
    "Wait when busy (seconds)",
    0,
    "How long to wait for another run of the same scope. 0: fail at once.",
    600,
  ),
  reattachOrphanedJobs: toggle(
    "Adopt Jobs left behind",
    "Follow a Job that an earlier server process left behind, when it is of the same task and session.",
  ),
  unschedulableWaitSec: seconds(
    "Wait for a node (seconds)",
    0,
    "How long a pod may wait for a node that fits. 0: fail at once.",
    900,
  ),
  imagePullGraceSec: seconds(
    "Image pull grace (seconds)",
    60,
    "How long an image may fail to be pulled before the run fails.",
  ),
  startTimeoutSec: seconds(
    "Start limit (seconds)",
    1_800,
    "How long a pod may take from its node to its running program, the image pull included. 0: no limit.",
  ),
  timeoutSec: seconds(
    "Time limit (seconds)",
    0,
    "Limit of the run, from the start of the program. 0: none.",
  ),
  graceSec: seconds("Grace (seconds)", 0, "Added to the time limit before the Job is stopped."),
  idleSec: seconds(
    "Idle limit (seconds)",
    900,
    "Silence of the running program after which idleAction is taken. 0: no limit.",
  ),
  idleAction: field<RunSettings["idleAction"]>(oneOf("warn", "stop"), "warn", {
    expected: "warn or stop",
    hint: "warn: say so and let it run on. stop: stop the Job, as after the time limit.",
    form: { label: "When idle", type: "select", default: "warn", options: ["warn", "stop"] },
  }),
  afterResultSec: seconds(
    "Limit after the result (seconds)",
    600,
    "How long the program may go on after its result while it has work in the background; without any, at most 120. Then the Job is stopped, and the result counts. 0: no limit.",
  ),
  terminationGraceSec: seconds(
    "Termination grace (seconds)",
    10,
    "What the program gets between SIGTERM and SIGKILL.",
  ),
  model: field<string | undefined>(text, undefined, {
    expected: "text",
    hint: "Model, passed as --model.",
  }),
  effort: field<string | undefined>(text, undefined, {
    expected: "text",
    hint: "Thinking effort, passed as --effort.",
    aliases: ["thinkingEffort"],
  }),
  maxTurnsPerRun: field(wholeNumber, 0, {
    expected: "a whole number, 0 for no limit",
    hint: "Turns after which claude stops, passed as --max-turns. 0: no limit.",
    aliases: ["maxTurns"],
    form: { label: "Max turns per run", type: "number", default: 1000 },
  }),
  dangerouslySkipPermissions: toggle(
    "Skip permissions",
    "Pass --dangerously-skip-permissions: nobody is there to answer a permission question.",
  ),
  extraArgs: field<readonly string[]>(words, [], {
    expected: "a list of texts, or one text of words",
    hint: "More arguments of the claude command.",
  }),
  promptTemplate: field<string | undefined>(template, undefined, {
    expected: "text",
    hint: "The prompt. Empty: the host's own for agents.",
    form: { label: "Prompt template", type: "textarea" },
  }),
  bootstrapPromptTemplate: field<string | undefined>(template, undefined, {
    expected: "text",
    hint: "Put before the prompt when a session begins.",
    aliases: ["bootstrap"],
    form: { label: "Bootstrap prompt", type: "textarea" },
  }),
  instructionsFilePath: field<string | undefined>(text, undefined, {
    expected: "a path on the server",
    hint: "Instructions (AGENTS.md) appended to the system prompt of new sessions.",
  }),
  paperclipUrl: field<string | undefined>(httpUrl, undefined, {
    expected: "an http or https URL",
    hint: "Address of the Paperclip server as pods reach it, for its API and its MCP servers. Empty: PAPERCLIP_API_URL in env, else the server's own.",
    form: { label: "Paperclip URL for pods", type: "text" },
  }),
  env: field<Readonly<Record<string, string>>>(
    textMap,
    {},
    {
      expected: "an object of texts",
      hint: "Environment of the program. Values that the host keeps as secrets go through a Kubernetes Secret.",
    },
  ),
};
