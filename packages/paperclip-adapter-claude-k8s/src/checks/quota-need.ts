import { quantity } from "@claude-k8s/k8s-job-manifest";

/** What a run asks of quotas: quota key → amount, as a `ResourceQuota` names and writes them. */
export type QuotaNeed = Readonly<Record<string, string>>;

/** The parts of a `ResourceQuota` that are read. */
export interface QuotaLike {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly scopes?: readonly string[]; readonly scopeSelector?: unknown };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** One key of one quota: how much is allowed, taken and needed. */
export interface QuotaUse {
  readonly quota: string;
  readonly key: string;
  readonly hard: string;
  readonly used: string;
  readonly need: string;
  /** The run does not fit now. */
  readonly isOver: boolean;
  /** The run does not fit although nothing else runs: waiting does not help. */
  readonly isTooSmall: boolean;
}

/** The part of a container's resources that counts. */
interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** What one run takes: a Job, a pod of one container, and the Secrets of its input. */
export function quotaNeed({ requests = {}, limits = {} }: Resources, secrets: number): QuotaNeed {
  // A limit without a request is a request too (Kubernetes, "Resource requests and limits").
  const asked = { ...limits, ...requests };
  const { cpu, memory } = asked;
  return {
    pods: "1",
    "count/pods": "1",
    "count/jobs.batch": "1",
    secrets: String(secrets),
    "count/secrets": String(secrets),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...prefixed("requests.", asked),
    ...prefixed("limits.", limits),
  };
}

function prefixed(prefix: string, amounts: Readonly<Record<string, string>>): QuotaNeed {
  return Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [prefix + key, amount]));
}

/**
 * Every key of the quotas that one more run takes from. A quota with scopes may not count it at all, which
 * only its admission knows; such a one is left out.
 */
export function quotaUses(quotas: readonly QuotaLike[], need: QuotaNeed): readonly QuotaUse[] {
  return quotas.flatMap(({ metadata, spec, status }) => {
    const isScoped = (spec?.scopes ?? []).length > 0 || spec?.scopeSelector !== undefined;
    if (isScoped) return [];
    return Object.entries(status?.hard ?? {}).flatMap(([key, hard]): QuotaUse[] => {
      const wanted = need[key];
      if (wanted === undefined) return [];
      const used = status?.used?.[key] ?? "0";
      const [most, taken, more] = [quantity(hard), quantity(used), quantity(wanted)];
      if (most === undefined || taken === undefined || more === undefined) return [];
      const isOver = taken + more > most;
      return [
        { quota: metadata.name, key, hard, used, need: wanted, isOver, isTooSmall: more > most },
      ];
    });
  });
}
