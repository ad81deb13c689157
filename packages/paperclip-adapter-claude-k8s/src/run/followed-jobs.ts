/**
 * Jobs that runs of this process follow now. The host reloads an adapter by importing its entry once more, and
 * the runs of the old copy go on beside those of the new one: so there is one set for the process, not for the module.
 */
const registry: unique symbol = Symbol.for("paperclip-adapter-claude-k8s.followed-jobs");

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
}

export interface FollowedJobs {
  add(job: Named): void;
  remove(job: Named): void;
  has(job: Named): boolean;
}

export function followedJobs(): FollowedJobs {
  const holder: typeof globalThis & { [registry]?: Set<string> } = globalThis;
  const keys = (holder[registry] ??= new Set());
  return {
    add: (job) => void keys.add(keyOf(job)),
    remove: (job) => void keys.delete(keyOf(job)),
    has: (job) => keys.has(keyOf(job)),
  };
}

/** Names come again, and other clusters have the same ones; a uid is one Job's alone. */
function keyOf({ namespace, name, uid }: Named): string {
  return uid ?? `${namespace}/${name}`;
}
