import { type Check, failed, passed, warned } from "./check.ts";
import { type CheckedCluster, orDenied } from "./checked-cluster.ts";

const code = "claude_k8s_volume";

/** The parts of a `PersistentVolumeClaim` that are read. */
interface ClaimLike {
  readonly spec?: { readonly accessModes?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

/** Whether the claim of home and workspace is there and fits what the settings say of it. */
export async function checkVolume(
  { http, namespace }: CheckedCluster,
  claim: string,
  accessMode: string | undefined,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/persistentvolumeclaims/${encodeURIComponent(claim)}`;
  const answer = await orDenied(http.request<ClaimLike>({ method: "GET", path, signal }));
  // Its right is a finding of its own.
  if (answer.kind === "denied") return [];
  if (answer.kind !== "ok")
    return [
      failed(
        code,
        `The claim ${claim} does not exist in ${namespace}.`,
        "Create the PersistentVolumeClaim, or change workspaceVolumeClaim.",
      ),
    ];
  return claimChecks(claim, answer.body, accessMode);
}

/** What a claim that is there means for runs. */
export function claimChecks(
  name: string,
  { spec, status }: ClaimLike,
  accessMode: string | undefined,
): readonly Check[] {
  const modes = spec?.accessModes ?? [];
  const phase = status?.phase ?? "unknown";
  if (phase === "Lost")
    return [
      failed(
        code,
        `The claim ${name} has lost its volume.`,
        "Restore the PersistentVolume, or make the claim anew.",
      ),
    ];
  if (accessMode !== undefined && !modes.includes(accessMode))
    return [
      failed(
        code,
        `workspaceAccessMode is ${accessMode}, but the claim ${name} offers ${modes.join(", ") || "none"}.`,
        "Set workspaceAccessMode to a mode of the claim, or leave it empty.",
      ),
    ];
  if (modes.length > 0 && modes.every((mode) => mode === "ReadOnlyMany"))
    return [
      failed(
        code,
        `The claim ${name} can only be read; home and workspace must be written.`,
        "Name a claim with ReadWriteOnce or ReadWriteMany.",
      ),
    ];
  if (modes.includes("ReadWriteOncePod") && !modes.includes("ReadWriteMany"))
    return [
      warned(
        code,
        `The claim ${name} is ReadWriteOncePod: one pod at a time, so runs of all agents that use it wait for each other.`,
        "Name a claim with ReadWriteMany for more than one run at a time.",
      ),
    ];
  return [passed(code, `The claim ${name} is ${phase} (${modes.join(", ")}).`)];
}
