import { proof } from "../demo/proof.ts";
import type { Frozen } from "./frozen.ts";
import type { RollingRestart } from "./rolling-restart.ts";

const adopted = "claude_k8s.job.reattached";

/** What a process that stood still must not have done; empty when all is well. Pure. */
export function wrongOfFrozen(proven: Frozen, recorded: Uint8Array): readonly string[] {
  const { otherEvents, otherResult, outputs, done, result, programs, left } = proven;
  const whole = Buffer.from(recorded).toString("utf8");
  const begin = whole.length - outputs[1].length;
  const output = outputs[0].slice(0, Math.max(0, begin)) + outputs[1];
  const why = `${result.errorCode}: ${result.errorMessage}`;
  return [
    ...(otherEvents.includes(adopted) ? [] : [`the other process: ${otherEvents.join(", ")}`]),
    ...untrue({ recorded, output, result: otherResult, left }),
    ...(done.length === 0 ? [] : [`after it went on it did ${done.join(", ")}`]),
    // A host takes a run for a success when it has no error message.
    ...(result.errorMessage ? [] : ["it gave a result of its own"]),
    // In words a person understands: who has it now.
    ...(/another server|taken over|the process \S+ has it/iu.test(why) ? [] : [`it says ${why}`]),
    ...(programs.started === 1 ? [] : [`${programs.started} programs`]),
  ];
}

/** What a restart must not have done, run by run; empty when all is well. Pure. */
export function wrongOfRestart(
  proven: RollingRestart,
  recorded: Uint8Array,
  { adoptedWithinMs }: { readonly adoptedWithinMs: number },
): readonly string[] {
  const { leaving, adoptedMs, runs, programs, left, leases } = proven;
  return [
    ...(leaving.how === 0 ? [] : [`the first process ended with ${leaving.how}`]),
    ...(adoptedMs <= adoptedWithinMs ? [] : [`adopted after ${Math.round(adoptedMs)} ms`]),
    ...runs.flatMap(({ events, outputs, detached, result }, index) =>
      [
        ...(events[0] === adopted ? [] : [`not adopted: ${events.join(", ")}`]),
        ...(detached.errorCode === "k8s_run_detached" ? [] : [`left with ${detached.errorCode}`]),
        ...untrue({ recorded, output: outputs.join(""), result, left: [] }),
      ].map((text) => `run ${index + 1}: ${text}`),
    ),
    ...(programs.started === runs.length ? [] : [`${programs.started} programs`]),
    ...(left.length === 0 ? [] : [`left: ${left.join(", ")}`]),
    // The one of the process that still lives, where it has the right to one.
    ...(leases.length <= 1 ? [] : [`Leases: ${leases.join(", ")}`]),
  ];
}

function untrue(shown: Parameters<typeof proof>[0]): readonly string[] {
  return proof(shown)
    .filter(({ isTrue }) => !isTrue)
    .map(({ what, instead }) => `not true: ${what}: ${instead}`);
}
