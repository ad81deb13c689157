import { sleep } from "@claude-k8s/kube-http";
import type { Refusal } from "./answer.ts";
import { deliver, gapOf, tellGap } from "./deliver.ts";
import type { Follower } from "./follower.ts";
import { lost, restarted } from "./progress.ts";
import { readWhole } from "./read-whole.ts";
import { standingOf } from "./standing.ts";
import type { ContainerStanding, LogEvent } from "./types.ts";

export type Crossed =
  /** The follow is at the start of a new container's log, or has found itself in it. */
  | { readonly kind: "crossed" }
  /** It is the same container as before, as far as the cluster tells. */
  | { readonly kind: "same" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

type Ids = {
  /** The container that was read so far. */
  readonly own: string;
  readonly containerId: string;
  readonly previousId: string | undefined;
};

/** The API server learns of a new container about a second after its log is served. */
const learnMs = 1_000;
const learnTries = 4;

/**
 * Goes over from the log of one container to that of the next when the kubelet has started it again: what is left of
 * the old one comes first, then `restart`. A container that came and went between two looks is a certain gap.
 */
export async function* crossRestart(
  follower: Follower,
  standing: ContainerStanding,
): AsyncGenerator<LogEvent, Crossed, undefined> {
  if (standing.kind === "gone" || standing.containerId === undefined) return { kind: "same" };
  const { containerId, previousId } = standing;
  const { at, containerId: known } = follower.progress;
  // What was read before the cluster said whose it is may be its predecessor's.
  const own = known ?? (at === undefined ? containerId : (previousId ?? containerId));
  if (own !== containerId) return yield* cross(follower, { own, containerId, previousId });
  if (known === undefined) follower.progress = { ...follower.progress, containerId };
  return { kind: "same" };
}

async function* cross(
  follower: Follower,
  { own, containerId, previousId = own }: Ids,
): AsyncGenerator<LogEvent, Crossed, undefined> {
  // Known even where what is left of the old one cannot be read yet: the next stream is not the old one's.
  follower.hasRestarted = true;
  const isThere = yield* findInNewLog(follower, containerId);
  if (isThere !== undefined) return isThere;
  if (previousId !== own) {
    // Only one container back can be read: what is left of ours, and any between, is out of reach.
    follower.gap = { ...gapOf(follower.progress), certainty: "certain" };
    yield* tellGap(follower);
    follower.progress = restarted(follower.progress, previousId);
    yield { type: "restart", containerId: previousId };
  }
  const left = yield* readPrevious(follower, containerId);
  if (left.kind === "refused") return left;
  // The container that it was to go over to has ended as well meanwhile.
  if (left.kind === "moved") return yield* crossRestart(follower, left.standing);
  yield* tellGap(follower);
  follower.progress = restarted(follower.progress, containerId);
  yield { type: "restart", containerId };
  return { kind: "crossed" };
}

/**
 * For a log that does not show the last line any more: asks whether that is because the container was started again. The
 * kubelet, which serves the log, knows that before the cluster does: when the log of the container before has the last
 * line, the cluster is waited for until it knows too; else for a moment.
 */
export async function* crossIfRestarted(
  follower: Follower,
): AsyncGenerator<LogEvent, Crossed, undefined> {
  const { clock, limits } = follower;
  const startedAt = clock.now();
  let isProved = false;
  for (let tries = 1; ; tries++) {
    const standing = await standingOf(follower);
    const crossed = yield* crossRestart(follower, standing);
    if (crossed.kind !== "same" || !mayBeLate(standing)) return crossed;
    // Of a cluster that names no containers nothing more can be learned.
    const isNamed = standing.kind === "unknown" || "containerId" in standing;
    if (tries === 1 && isNamed) isProved = yield* isInPreviousLog(follower);
    const isOver = isProved
      ? clock.now() - startedAt >= limits.giveUpAfterMs
      : tries === learnTries;
    if (isOver) return crossed;
    await forLearning(follower);
  }
}

/** Whether the last line is the log's of the container before, which is delivered to its end then. */
async function* isInPreviousLog(follower: Follower): AsyncGenerator<LogEvent, boolean, undefined> {
  if (follower.progress.at === undefined) return false;
  const read = yield* readWhole(follower, { previous: true });
  return read.kind === "read";
}

/**
 * For a new container's log that is just opened: the kubelet may have come to the next one, and its log is served before
 * the cluster says so. Whose it is must be known before its first line is delivered.
 */
export async function* crossIfRestartedAgain(
  follower: Follower,
): AsyncGenerator<LogEvent, Crossed, undefined> {
  const { progress, hasRestarted } = follower;
  // With a line to look for, a stream that does not show it is found out later: only the wait is saved.
  if (!hasRestarted || progress.at !== undefined) return { kind: "same" };
  await forLearning(follower);
  return yield* crossRestart(follower, await standingOf(follower));
}

/** A stream may have been the new container's before the cluster said so. */
async function* findInNewLog(
  follower: Follower,
  containerId: string,
): AsyncGenerator<LogEvent, Crossed | undefined, undefined> {
  if (follower.progress.at === undefined) return undefined;
  const read = yield* readWhole(follower, { mayBeAnother: true });
  if (read.kind === "missed") return undefined;
  if (read.kind === "refused") return read;
  follower.progress = { ...follower.progress, containerId };
  return { kind: "crossed" };
}

type Left =
  /** All that can be had is delivered. */
  | { readonly kind: "read" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** It was another container's, for there is a newer one than was thought. */
  | { readonly kind: "moved"; readonly standing: ContainerStanding };

/** Delivers what is left of the container before `next`. A refusal that can pass is returned. */
async function* readPrevious(
  follower: Follower,
  next: string,
): AsyncGenerator<LogEvent, Left, undefined> {
  const read = yield* readWhole(follower, { previous: true });
  if (read.kind === "missed") {
    const standing = await movedOn(follower, next);
    if (standing !== undefined) return { kind: "moved", standing };
    // It was rotated, too.
    follower.gap = gapOf(follower.progress);
    follower.progress = lost(follower.progress);
    return yield* readPrevious(follower, next);
  }
  if (read.kind === "read") {
    if (read.rest !== undefined) yield* deliver(follower, [read.rest], { verified: false });
    return { kind: "read" };
  }
  const { refusal } = read;
  if (refusal.kind !== "unreadable") return { kind: "refused", refusal };
  // The runtime has cleaned it away.
  follower.gap = gapOf(follower.progress);
  return { kind: "read" };
}

/** How the container stands, once that is another one than `next`: asked with patience for a cluster that learns late. */
async function movedOn(follower: Follower, next: string): Promise<ContainerStanding | undefined> {
  for (let tries = 1; ; tries++) {
    const standing = await standingOf(follower);
    const isNext = standing.kind === "gone" || (standing.containerId ?? next) === next;
    if (!isNext) return standing;
    if (!mayBeLate(standing) || tries === learnTries) return undefined;
    await forLearning(follower);
  }
}

function mayBeLate(standing: ContainerStanding): boolean {
  return standing.kind === "unknown" || (standing.kind !== "gone" && standing.mayRestart === true);
}

async function forLearning({ clock, limits, signal }: Follower): Promise<void> {
  await sleep(clock, Math.min(learnMs, limits.retryMaxMs), signal);
}
