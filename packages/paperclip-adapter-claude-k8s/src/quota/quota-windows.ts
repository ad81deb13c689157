import type { ProviderQuotaResult, QuotaWindow } from "@paperclipai/adapter-utils";
import { realClock } from "@claude-k8s/kube-http";
import { needOf } from "../checks/settings-need.ts";
import type { Connect } from "../environment-test/cheap-half.ts";
import { parseSettings } from "../settings/settings.ts";
import { textOf } from "../untyped.ts";
import { namespaceWindows } from "./namespace-windows.ts";
import type { RateLimits } from "./rate-limits.ts";

/** The host waits 20 s for all adapters together. */
const limitMs = 10_000;

/** Where runs were, by kubeconfig and namespace. */
export interface RunPlaces {
  add(kubeconfig: string | undefined, namespace: string): void;
  readonly all: readonly Place[];
}

interface Place {
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
}

/** More namespaces than this are not asked: the page that shows them is for people. */
const maxPlaces = 10;

export function runPlaces(): RunPlaces {
  const all: Place[] = [];
  return {
    all,
    add(kubeconfig, namespace) {
      const isKnown = all.some(
        (place) => place.kubeconfig === kubeconfig && place.namespace === namespace,
      );
      if (!isKnown && all.length < maxPlaces) all.push({ kubeconfig, namespace });
    },
  };
}

/**
 * How far limits are used up: the subscription's, as runs of this process were told, and the quotas of the
 * namespaces they ran in; before the first run, of the server's own. Never throws.
 */
export async function quotaWindows(
  limits: RateLimits,
  places: RunPlaces,
  connect: Connect,
): Promise<ProviderQuotaResult> {
  const limit = new AbortController();
  const disarm = realClock.after(limitMs, () => limit.abort(new Error("the time is up")));
  const need = needOf(parseSettings({}).settings);
  const problems: string[] = [];
  const ofPlace = async (place: Partial<Place>): Promise<QuotaWindow[]> => {
    try {
      const { http, self } = await connect(place.kubeconfig);
      const namespace = place.namespace ?? self.namespace;
      return await namespaceWindows({ http, namespace }, need, limit.signal);
    } catch (error) {
      problems.push(textOf(error));
      return [];
    }
  };
  try {
    const asked = places.all.length === 0 ? [{}] : places.all;
    const ofPlaces = await Promise.all(asked.map(ofPlace));
    const windows = [...limits.windows(Date.now()), ...ofPlaces.flat()];
    const provider = "anthropic";
    const source = "Claude's rate_limit events and the namespaces' ResourceQuotas";
    return windows.length === 0 && problems.length > 0
      ? { provider, source, ok: false, error: problems.join("; "), windows }
      : { provider, source, ok: true, windows };
  } finally {
    disarm();
  }
}
