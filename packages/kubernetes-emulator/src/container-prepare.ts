import { resolveEnv } from "./container-env.ts";
import type { ContainerRecord, PodContext } from "./container-record.ts";
import { pullImage } from "./image-pull.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { Program } from "./types.ts";

/** What a container needs before it starts. */
export interface Ready {
  readonly program: Program;
  readonly env: Record<string, string>;
}

/** Gets the image and the environment, as often as it takes; undefined when the pod is stopped before. */
export async function prepare(
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
  const there = world.programs.has(image) && record.spec.imagePullPolicy !== "Always";
  const pulls = !there && record.spec.imagePullPolicy !== "Never";
  const present = `Container image "${image}" already present on machine and can be accessed by the pod`;
  while (!context.stopping.aborted) {
    if (pulls) say("Normal", "Pulling", `Pulling image "${image}"`);
    await world.clock.wait(world.latency.pullMs, context.stopping);
    const pulled = pullImage(record.spec, world.programs);
    if (pulled.kind === "problem") {
      if (pulled.backOff)
        say("Warning", "Failed", `Failed to pull image "${image}": ${pulled.message}`);
      say(
        "Warning",
        pulled.backOff ? "Failed" : pulled.reason,
        pulled.backOff ? `Error: ${pulled.reason}` : pulled.message,
      );
      await wait(pulled.reason, pulled.message);
      if (!pulled.backOff || context.stopping.aborted) continue;
      const message = `Back-off pulling image "${image}": ErrImagePull: ${pulled.message}`;
      say("Normal", "BackOff", `Back-off pulling image "${image}"`);
      await wait("ImagePullBackOff", message);
      continue;
    }
    say("Normal", "Pulled", pulls ? `Successfully pulled image "${image}"` : present);
    const resolved = resolveEnv(world.store, context.pod(), record.spec);
    if (resolved.kind === "ok") return { program: pulled.program, env: resolved.env };
    say("Warning", "Failed", `Error: ${resolved.message}`);
    await wait("CreateContainerConfigError", resolved.message);
  }
  return undefined;
}
