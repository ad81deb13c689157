import { expandVariables, resolveEnv } from "./container-env.ts";
import { startContainer, type ContainerRun, type Exit } from "./container-run.ts";
import { pullImage } from "./image-pull.ts";
import type { Container, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { createContainerLog, type ContainerLog } from "./log-records.ts";
import type { ContainerFacts } from "./pod-status.ts";
import { rfc3339Seconds } from "./clock.ts";
import type { Program } from "./types.ts";
import { containerFiles, type PodVolumes } from "./volumes.ts";

/** One container and what came of it. */
export interface ContainerRecord extends ContainerFacts {
  run?: ContainerRun;
  log?: ContainerLog;
  previousLog?: ContainerLog;
}

/** What a runner needs of its pod. */
export interface PodContext {
  readonly pod: () => Pod;
  readonly report: () => Promise<void>;
  /** Aborts when the pod is to go. */
  readonly stopping: AbortSignal;
}

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

interface Ready {
  readonly program: Program;
  readonly env: Record<string, string>;
}

/** Gets the image and the environment, as often as it takes; undefined when the pod is stopped before. */
async function prepare(
  world: KubeletWorld,
  context: PodContext,
  record: ContainerRecord,
): Promise<Ready | undefined> {
  const { image } = record.spec;
  const say = (type: "Normal" | "Warning", reason: string, message: string): void =>
    world.record(context.pod(), { type, reason, message, from: "kubelet" });
  const wait = async (reason: string, message: string): Promise<void> => {
    record.state = { waiting: { reason, message } };
    await context.report();
    await world.clock.wait(world.latency.retryMs, context.stopping);
  };
  while (!context.stopping.aborted) {
    say("Normal", "Pulling", `Pulling image "${image}"`);
    await world.clock.wait(world.latency.pullMs, context.stopping);
    const pulled = pullImage(record.spec, world.programs);
    if (pulled.kind === "problem") {
      say("Warning", pulled.backOff ? "Failed" : pulled.reason, pulled.message);
      await wait(pulled.reason, pulled.message);
      if (!pulled.backOff || context.stopping.aborted) continue;
      const message = `Back-off pulling image "${image}": ErrImagePull: ${pulled.message}`;
      say("Normal", "BackOff", `Back-off pulling image "${image}"`);
      await wait("ImagePullBackOff", message);
      continue;
    }
    say("Normal", "Pulled", `Successfully pulled image "${image}"`);
    const resolved = resolveEnv(world.store, context.pod(), record.spec);
    if (resolved.kind === "ok") return { program: pulled.program, env: resolved.env };
    say("Warning", "Failed", `Error: ${resolved.message}`);
    await wait("CreateContainerConfigError", resolved.message);
  }
  return undefined;
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
  const log = createContainerLog(world.logMaxBytes, world.clock.now);
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

function writeInto(
  pod: Pod,
  container: Container,
  write: { readonly volumes: PodVolumes; readonly path: string; readonly content: Uint8Array },
): boolean {
  const mount = (container.volumeMounts ?? [])
    .filter(
      (one) =>
        write.path.startsWith(`${one.mountPath.replace(/\/+$/, "")}/`) && one.readOnly !== true,
    )
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const volume = pod.spec.volumes?.find((one) => one.name === mount?.name);
  if (mount === undefined || volume?.emptyDir === undefined) return false;
  const inside = write.path.slice(mount.mountPath.replace(/\/+$/, "").length + 1);
  const path = mount.subPath === undefined ? inside : `${mount.subPath}/${inside}`;
  write.volumes.get(volume.name)?.set(path, write.content);
  return true;
}

/** The log ends when the runtime says so; the status follows on its own time. */
async function settle(
  world: KubeletWorld,
  context: PodContext,
  ended: { readonly record: ContainerRecord; readonly exit: Exit; readonly startedAt: string },
): Promise<void> {
  const { record, exit, startedAt } = ended;
  const { log } = record;
  world.clock.after(world.latency.logEndMs, () => log?.end());
  await world.clock.wait(world.latency.statusMs);
  record.state = {
    terminated: {
      containerID: record.containerID ?? "",
      exitCode: exit.code,
      finishedAt: rfc3339Seconds(exit.at),
      reason: exit.reason,
      startedAt,
    },
  };
  delete record.run;
  await context.report();
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
