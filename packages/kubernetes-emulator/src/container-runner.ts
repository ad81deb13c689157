import { rfc3339Seconds } from "./clock.ts";
import { expandVariables } from "./container-env.ts";
import { createContainerLog } from "./container-log.ts";
import { prepare, type Ready } from "./container-prepare.ts";
import type { ContainerRecord, PodContext } from "./container-record.ts";
import { startContainer, type Exit } from "./container-run.ts";
import type { Container, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { lastWords } from "./termination-message.ts";
import { writeInto } from "./volume-write.ts";
import { containerFiles, type PodVolumes } from "./volumes.ts";

export interface ContainerRunner {
  /** Runs a container until it stays ended; its exit code, or undefined when it never started. */
  run(record: ContainerRecord, volumes: PodVolumes): Promise<number | undefined>;
}

export function createContainerRunner(world: KubeletWorld, context: PodContext): ContainerRunner {
  const run: ContainerRunner["run"] = async (record, volumes) => {
    for (;;) {
      const ready = await prepare(world, context, record);
      if (ready === undefined) return undefined;
      const startedAt = await start(world, context, { record, volumes, ...ready });
      const exit = await record.run?.exit;
      if (exit === undefined || startedAt === undefined) return undefined;
      await settle(world, context, { record, exit, startedAt });
      if (context.stopping.aborted || !restarts(context.pod(), record, exit)) return exit.code;
      await backOff(world, context, record);
      if (context.stopping.aborted) return exit.code;
    }
  };
  return { run };
}

async function start(
  world: KubeletWorld,
  context: PodContext,
  made: Ready & { readonly record: ContainerRecord; readonly volumes: PodVolumes },
): Promise<string | undefined> {
  const { record, volumes, program, env } = made;
  await world.clock.wait(world.latency.startMs, context.stopping);
  if (context.stopping.aborted) return undefined;
  const pod = context.pod();
  const { namespace = "default", name, uid } = pod.metadata;
  const log = createContainerLog(world.logMaxBytes, world.logClock.stamps());
  const full = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOSTNAME: name,
    ...env,
  };
  if (record.log !== undefined) record.previousLog = record.log;
  record.log = log;
  record.containerID = `containerd://${world.identity.hex(64)}`;
  record.imageID = `emulator/${record.spec.image}`;
  record.run = startContainer(
    {
      program,
      pod: { namespace, name, uid },
      container: record.spec.name,
      command: commandOf(record.spec, full),
      env: full,
      workingDir: record.spec.workingDir ?? "/",
      files: () => containerFiles(record.spec, volumes),
      writeFile: (path, content) => writeInto(pod, record.spec, { volumes, path, content }),
    },
    log,
    world.clock,
  );
  const startedAt = world.clock.seconds();
  record.state = { running: { startedAt } };
  for (const [reason, message] of [
    ["Created", `Created container: ${record.spec.name}`],
    ["Started", `Started container ${record.spec.name}`],
  ] as const) {
    world.record(pod, { type: "Normal", reason, message, from: "kubelet" });
  }
  await context.report();
  return startedAt;
}

function commandOf(container: Container, env: Readonly<Record<string, string>>): string[] {
  return [...(container.command ?? []), ...(container.args ?? [])].map((word) =>
    expandVariables(word, env),
  );
}

/** The log ends when the runtime says so; the status follows on its own time. */
async function settle(
  world: KubeletWorld,
  context: PodContext,
  ended: { readonly record: ContainerRecord; readonly exit: Exit; readonly startedAt: string },
): Promise<void> {
  const { record, exit, startedAt } = ended;
  const { log } = record;
  const message = exit.message ?? fallback(record, exit);
  world.clock.after(world.latency.logEndMs, () => log?.end());
  await world.clock.wait(world.latency.statusMs);
  record.state = {
    terminated: {
      containerID: record.containerID ?? "",
      exitCode: exit.code,
      finishedAt: rfc3339Seconds(exit.at),
      ...(message === undefined ? {} : { message }),
      reason: exit.reason,
      startedAt,
    },
  };
  delete record.run;
  await context.report();
}

function fallback({ spec, log }: ContainerRecord, { code }: Exit): string | undefined {
  const isWanted = code !== 0 && spec["terminationMessagePolicy"] === "FallbackToLogsOnError";
  return isWanted && log !== undefined ? lastWords(log.file) : undefined;
}

function restarts(pod: Pod, record: ContainerRecord, exit: Exit): boolean {
  if (record.init && record.spec.restartPolicy === "Always") return true;
  const policy = pod.spec.restartPolicy ?? "Always";
  if (policy === "Never" || (record.init && exit.code === 0)) return false;
  return policy === "Always" || exit.code !== 0;
}

async function backOff(
  world: KubeletWorld,
  context: PodContext,
  record: ContainerRecord,
): Promise<void> {
  const { name, namespace = "", uid } = context.pod().metadata;
  const message = `back-off 10s restarting failed container=${record.spec.name} pod=${name}_${namespace}(${uid})`;
  world.record(context.pod(), { type: "Warning", reason: "BackOff", message, from: "kubelet" });
  record.lastState = record.state;
  record.state = { waiting: { reason: "CrashLoopBackOff", message } };
  await context.report();
  await world.clock.wait(world.latency.retryMs, context.stopping);
  record.restartCount += 1;
}
