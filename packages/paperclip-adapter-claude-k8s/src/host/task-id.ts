import { asString } from "@paperclipai/adapter-utils/server-utils";

/** The task that the host wakes the agent for; `undefined` when it wakes it for none. */
export function taskIdOf(context: Readonly<Record<string, unknown>>): string | undefined {
  return asString(context["taskId"], "") || asString(context["issueId"], "") || undefined;
}
