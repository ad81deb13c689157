// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Program } from "@claude-k8s/kubernetes-emulator";
import { healthy } from "./transcript.ts";

/** Writes the first line of a healthy session, and then works for a minute. */
export function busyProgram(): { readonly program: Program; readonly running: Promise<void> } {
  const running = Promise.withResolvers<void>();
  return {
    running: running.promise,
    program: async ({ stdout, sleep }) => {
      stdout.write(`${healthy[0]}\n`);
      running.resolve();
      await sleep(60_000);
      return 143;
    },
  };
}
