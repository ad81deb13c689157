import { buildRun, type RunSpec, type RunVolume } from "@claude-k8s/k8s-job-manifest";
import { adapterType, ownLabels } from "../cluster/marks.ts";
import type { BuiltRun } from "../run/create.ts";
import { probeScript } from "./probe-script.ts";

/** By this label the Jobs of probes are told from those of runs, which no guard must take them for. */
export const probeLabel = "claude-k8s/probe";

/** Where the probe sees the volume: a folder of its own there, never the server's nor a run's. */
const volumeFolder = "/claude-k8s-volume";

export interface ProbeQuestion {
  /** A word of this probe, fit for a label. */
  readonly mark: string;
  /** The host's address, to be asked from the pod; absent: not asked. */
  readonly url: string | undefined;
  /** Repositories are cloned by the image's git. */
  readonly wantsGit: boolean;
}

/**
 * The probe's Job: image, placement, resources and references of the very run, but a short script instead of
 * the program, and nothing of the agent in its Secret. It ends by itself when nobody is left to remove it.
 */
export function buildProbe(run: RunSpec, { mark, url, wantsGit }: ProbeQuestion): BuiltRun {
  const volumes = (run.volumes ?? []).flatMap(inOwnFolder);
  const hasClaim = volumes.some(isClaim);
  const asked = [url ?? "", hasClaim ? volumeFolder : "", wantsGit ? "git" : ""];
  const argv = ["sh", "-c", probeScript, mark, ...asked];
  const labels = Object.fromEntries(
    Object.entries(run.labels).filter(([key]) => !key.startsWith("paperclip.io/")),
  );
  const built = buildRun({
    ...run,
    name: `claude-probe-${mark}`,
    secretName: `claude-probe-${mark}`,
    labels: { ...labels, [probeLabel]: mark },
    annotations: {},
    program: { ...run.program, argv, stdin: "", secretEnv: {}, files: {}, needs: [] },
    volumes,
    life: {
      ttlSecondsAfterFinished: 60,
      activeDeadlineSeconds: 120,
      terminationGracePeriodSeconds: 1,
    },
  });
  // Network policies choose pods by it, so the probe's pod is under the same ones as a run's.
  built.job.spec.template.metadata.labels[ownLabels.adapterType] = adapterType;
  return built;
}

/** The claim in one place, under a folder of the probe's; where it was are folders that end with the pod. */
function inOwnFolder(volume: RunVolume): RunVolume[] {
  if (!isClaim(volume)) return [volume];
  return [
    { ...volume, mounts: [{ path: volumeFolder, subPath: "claude-k8s/probe" }] },
    ...volume.mounts.map(({ path }, index) => ({
      name: `${volume.name}-${index}`,
      source: { emptyDir: {} },
      mounts: [{ path }],
    })),
  ];
}

function isClaim({ source }: RunVolume): boolean {
  return source.persistentVolumeClaim !== undefined;
}
