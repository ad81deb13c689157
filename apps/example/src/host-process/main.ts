// A Paperclip server as small as the proofs of crashes need, in a process that can be killed at any moment: it does the
// turns that come as lines on stdin, and tells all it hears of them as lines on stdout. At SIGTERM it drains, as the
// real one does: it waits for its runs, and for what the adapter still has to write.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { createHost } from "../host/host.ts";
import { parsed } from "../json.ts";
import type { HostProcessSetup, HostRecord, RunCommand } from "./protocol.ts";

/** A host gives its runs about five seconds. */
const drainMs = 5_000;
/** What a process that has no run any more still has to take back. */
const releaseMs = 1_000;

/** Whole before it returns: what was told is told, even when the next instruction never comes. */
function tell(record: HostRecord): void {
  const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The pipe is full and its reader has not come to it yet.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

const setup = parsed<HostProcessSetup>(process.argv[2] ?? "");
const adapter = createServerAdapter(setup);
const running = new Set<Promise<void>>();
const forEver = new AbortController().signal;

async function run({ runId, agentId, taskId, config }: RunCommand): Promise<void> {
  const host = createHost({
    runId,
    agentId,
    taskId,
    config,
    signal: forEver,
    listener: {
      output: (text) => tell({ type: "output", runId, text }),
      event: (event) => tell({ type: "event", runId, event }),
      phase: (text) => tell({ type: "said", runId, text }),
      note: (text) => tell({ type: "said", runId, text }),
    },
  });
  const result = await adapter.execute(host.context);
  tell({ type: "result", runId, result });
}

async function drain(): Promise<void> {
  commands.close();
  await Promise.race([Promise.allSettled(running), sleep(drainMs)]);
  await sleep(releaseMs);
  process.exit(0);
}

const commands = createInterface({ input: process.stdin });
commands.on("line", (line) => {
  const work = run(parsed<RunCommand>(line)).finally(() => running.delete(work));
  running.add(work);
});
process.on("SIGTERM", () => void drain());
tell({ type: "ready" });
