import { OrphanGuardError } from "./errors.ts";
import type { KubeHttpLike } from "./kube-job-store.ts";
import type { KnownLease, LeaseStore } from "./lease-store.ts";

/** By this label a supervisor's Lease is known among others. */
const mark = { "claude-k8s/lease": "supervisor" };
const labelSelector = "claude-k8s/lease=supervisor";

/** A renewal that waited behind other requests would look to others like a process that is gone. */
const urgent = true;

type LeaseLike = {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
    readonly leaseDurationSeconds?: number;
  };
};

/** Leases of `coordination.k8s.io/v1`, named `claude-k8s-IDENTITY`, by plain requests. */
export function kubeLeaseStore(http: KubeHttpLike, namespace: string): LeaseStore {
  const all = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const pathOf = (name: string): string => `${all}/${encodeURIComponent(name)}`;
  return {
    async list(signal) {
      const query = { labelSelector };
      const answer = await http.request<{ readonly items: readonly LeaseLike[] }>({
        method: "GET",
        path: all,
        query,
        urgent,
        signal,
      });
      if (answer.kind !== "ok") throw refused(`list Leases in ${namespace}`, answer);
      return answer.body.items.map(knownLease);
    },

    async create(identity, durationMs, signal) {
      const body = {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: leaseName(identity), namespace, labels: mark },
        spec: {
          holderIdentity: identity,
          leaseDurationSeconds: Math.ceil(durationMs / 1_000),
          acquireTime: microTime(),
          renewTime: microTime(),
          leaseTransitions: 0,
        },
      };
      const answer = await http.request<LeaseLike>({
        method: "POST",
        path: all,
        body,
        urgent,
        signal,
      });
      if (answer.kind === "ok") return { kind: "created", lease: knownLease(answer.body) };
      if (answer.kind === "conflict" && answer.status.reason === "AlreadyExists")
        return { kind: "exists" };
      throw refused(`create Lease ${leaseName(identity)} in ${namespace}`, answer);
    },

    async renew({ name, resourceVersion }, signal) {
      const metadata = resourceVersion === undefined ? {} : { resourceVersion };
      const answer = await http.request<LeaseLike>({
        method: "PATCH",
        path: pathOf(name),
        contentType: "application/merge-patch+json",
        body: { metadata, spec: { renewTime: microTime() } },
        urgent,
        signal,
      });
      if (answer.kind === "ok") return { kind: "renewed", lease: knownLease(answer.body) };
      if (answer.kind === "conflict" || answer.kind === "not-found") return { kind: answer.kind };
      throw refused(`renew Lease ${name} in ${namespace}`, answer);
    },

    async delete({ name, resourceVersion }, signal) {
      const guard = resourceVersion === undefined ? {} : { preconditions: { resourceVersion } };
      const answer = await http.request({
        method: "DELETE",
        path: pathOf(name),
        body: { apiVersion: "v1", kind: "DeleteOptions", ...guard },
        urgent,
        signal,
      });
      // A conflict: its holder has renewed it meanwhile, so it is not to go.
      if (answer.kind === "invalid" || answer.kind === "gone")
        throw refused(`delete Lease ${name} in ${namespace}`, answer);
    },
  };
}

/** @throws TypeError for an identity that cannot be part of an object's name */
function leaseName(identity: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,198}[a-z0-9])?$/u.test(identity)) return `claude-k8s-${identity}`;
  const rule = "must be of a-z, 0-9 and -, with a letter or digit at both ends";
  throw new TypeError(`identity ${rule}, not ${JSON.stringify(identity)}`);
}

/** `metav1.MicroTime` takes six digits of a second; three are refused by older servers. */
function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

function knownLease({ metadata, spec }: LeaseLike): KnownLease {
  const identity = spec?.holderIdentity ?? "";
  return {
    name: metadata?.name ?? "",
    identity,
    resourceVersion: metadata?.resourceVersion,
    renewTime: spec?.renewTime,
    stamp: `${identity} ${spec?.renewTime ?? ""} ${spec?.leaseTransitions ?? 0}`,
    durationMs: (spec?.leaseDurationSeconds ?? 30) * 1_000,
  };
}

function refused(
  doing: string,
  { kind, status }: { kind: string; status?: { reason?: string; message?: string } },
): OrphanGuardError {
  const why = status?.message ?? status?.reason ?? kind;
  return new OrphanGuardError("ORPHAN_GUARD_REFUSED", `cannot ${doing}: ${why}`);
}
