import { setTimeout as wait } from "node:timers/promises";
import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import { type Emulator, type Program, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { KubeConfig } from "@kubernetes/client-node";
import {
  followLog,
  kubeLogSource,
  type LogCursor,
  type LogEvent,
  parseCursor,
  podContainerState,
} from "../../src/index.ts";
import { linesOf, type NodeEvent, rotates, type Schedule } from "./schedule.ts";

export type Outcome = {
  /** What was wrong, in words; empty when all is well. */
  readonly wrong: readonly string[];
  readonly lines: number;
  readonly gaps: number;
  readonly faults: number;
};

const target = { namespace: "default", pod: "p", container: "main" };
const limits = {
  retryBaseMs: 2,
  retryMaxMs: 20,
  quietMs: 40,
  lastReadsMs: 15_000,
  spoolAfterMs: 8,
};
/** Far more than any schedule needs, on a machine that does other things too. */
const longestMs = 60_000;

/** Runs a schedule over an emulator of its own and says what came of it. */
export async function runSchedule(
  schedule: Schedule,
  onEvent: (event: LogEvent) => void = () => {},
): Promise<Outcome> {
  await using emulator = await startEmulator({
    seed: schedule.seed,
    logZone: schedule.zone,
    logClockGrainMs: schedule.clockGrainMs,
    quirks: { stuckFollow: schedule.stuckFollow },
  });
  const stop = new AbortController();
  emulator.program(
    "program:1",
    writing(schedule, () => void disturb(emulator, schedule.node, stop)),
  );
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  const http = kubeHttp(config, { openPerSecond: 10_000 });
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(longestMs)]);
  await createPod(http, signal);
  emulator.faults.add(schedule.faults);
  let events: LogEvent[] = [];
  try {
    events = await followAll(http, schedule, signal, onEvent);
  } catch (error) {
    return { wrong: [`it threw ${String(error)}`], lines: 0, gaps: 0, faults: 0 };
  } finally {
    stop.abort();
    http.close();
  }
  for (let i = 0; i < 1_000 && emulator.connections() > 0; i++) await wait(2);
  const wrong = judge(events, schedule);
  if (emulator.connections() > 0) wrong.push(`${emulator.connections()} sockets stay open`);
  return {
    wrong,
    lines: events.reduce((sum, one) => sum + (one.type === "lines" ? one.lines.length : 0), 0),
    gaps: events.filter(({ type }) => type === "gap").length,
    faults: emulator.faults.injected.length + schedule.node.length,
  };
}

function writing({ writes, code }: Schedule, onStart: () => void): Program {
  return async (program) => {
    onStart();
    for (const { text, to, thenMs } of writes) {
      program[to].write(text);
      if (thenMs > 0) await program.sleep(thenMs);
    }
    return code;
  };
}

async function disturb(
  { node }: Emulator,
  events: readonly NodeEvent[],
  { signal }: AbortController,
): Promise<void> {
  try {
    for (const { afterMs, what } of events) {
      await wait(afterMs, undefined, { signal });
      if (what === "rotate") node.rotateLogs();
      else if (what === "restart-kubelet") await node.restartKubelet();
      else node.stepClock(what === "clock-back" ? -7_000 : 3_000);
    }
  } catch (error) {
    // The follow may be over before the last of them.
    if (!signal.aborted) throw error;
  }
}

async function createPod(http: KubeHttp, signal: AbortSignal): Promise<void> {
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "program:1" }] };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  await http.request({ method: "POST", path: "/api/v1/namespaces/default/pods", body, signal });
}

/** One follower after the other, each from the cursor that the one before has left. */
async function followAll(
  http: KubeHttp,
  { leaveAfter, consumerMs }: Schedule,
  signal: AbortSignal,
  onEvent: (event: LogEvent) => void,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const source = kubeLogSource(http);
  const containerState = podContainerState(http, target);
  let from: LogCursor | undefined;
  for (let follower = 0; follower < 500; follower++) {
    let left = leaveAfter ?? Infinity;
    const options = { source, target, containerState, signal, limits, ...(from && { from }) };
    for await (const event of followLog(options)) {
      events.push(event);
      onEvent(event);
      if (consumerMs > 0) await wait(consumerMs);
      if (event.type === "end") return events;
      if (event.type !== "lines") continue;
      from = parseCursor(JSON.stringify(event.cursor));
      if (--left <= 0) break;
    }
  }
  throw new Error("500 followers did not reach the end");
}

/** Delivered = written, in order, once, outside reported gaps. */
function judge(events: readonly LogEvent[], schedule: Schedule): string[] {
  const wrong: string[] = [];
  const written = linesOf(schedule);
  const pieces: string[][] = [[]];
  let number = 0;
  for (const event of events) {
    if (event.type === "gap") pieces.push([]);
    if (event.type !== "lines") continue;
    for (const line of event.lines) {
      pieces.at(-1)?.push(line.text);
      if (line.number !== ++number) wrong.push(`line ${number} has the number ${line.number}`);
    }
  }
  const end = events.at(-1);
  if (end?.type !== "end" || end.proof !== "verified")
    wrong.push(`the end: ${JSON.stringify(end)}`);
  if (pieces.length > 1 && !rotates(schedule)) wrong.push("a gap, but nothing was rotated");
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    // What was rotated away before the first read is gone without a word.
    const mayMiss = i > 0 || rotates(schedule);
    const isLast = i === pieces.length - 1 && piece.length > 0;
    const from = isLast ? Math.max(at, written.length - piece.length) : at;
    const found = findPiece(written, piece, from, mayMiss);
    if (found === undefined) {
      const where = `lines ${at} to ${written.length}`;
      wrong.push(`piece ${i} of ${pieces.length} (${piece.length} lines) is not in ${where}`);
      return wrong;
    }
    if (!mayMiss && found > 0) wrong.push(`the first ${found} lines are lost`);
    at = found + piece.length;
  }
  return wrong;
}

/** Where the piece begins, at the earliest; where lines are missing before it, its first may be the end of one. */
function findPiece(
  written: readonly string[],
  piece: readonly string[],
  from: number,
  mayBeginInside: boolean,
): number | undefined {
  for (let at = from; at + piece.length <= written.length; at++) {
    const fits = piece.every((text, i) => {
      const line = written[at + i] ?? "";
      return line === text || (i === 0 && mayBeginInside && line.endsWith(text));
    });
    if (fits) return at;
  }
  return undefined;
}
