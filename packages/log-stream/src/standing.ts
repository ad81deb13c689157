import { KubeHttpError, type KubeHttpErrorCode, unlessAborted } from "@claude-k8s/kube-http";
import type { Follower } from "./follower.ts";
import type { ContainerStanding } from "./types.ts";

export function hasEnded(
  standing: ContainerStanding,
): standing is Extract<ContainerStanding, { kind: "terminated" | "gone" }> {
  return standing.kind === "terminated" || standing.kind === "gone";
}

/** Asks how the container stands. A failure to find out is `unknown`, never an end. */
export async function standingOf({ containerState, signal }: Follower): Promise<ContainerStanding> {
  try {
    return await unlessAborted(containerState(signal), signal);
  } catch (error) {
    signal.throwIfAborted();
    // Without the right to ask, or with a client that was closed, asking again would never help.
    const passes = KubeHttpError.isInstance(error) && !hopeless.includes(error.code);
    if (!passes) throw error;
    return { kind: "unknown" };
  }
}

const hopeless: readonly KubeHttpErrorCode[] = ["KUBE_DENIED", "KUBE_CLOSED"];
