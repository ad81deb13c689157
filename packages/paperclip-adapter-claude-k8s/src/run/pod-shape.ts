import {
  type ContainerResources,
  type Life,
  labelValue,
  type Placement,
  type RunVolume,
} from "@claude-k8s/k8s-job-manifest";
import type { RunInputs } from "./model.ts";
import type { Settings } from "../settings/types.ts";

/** Writable, whatever the image has there. */
const homeDir = "/home/claude";
export const workingDir = "/workspace";

/**
 * Where the program keeps its settings, login and sessions. `claude` writes `.claude.json` there too, when it
 * is told; an image's own word for it would lead to a folder that ends with the pod.
 */
export const homeVariables: Readonly<Record<string, string>> = {
  HOME: homeDir,
  CLAUDE_CONFIG_DIR: `${homeDir}/.claude`,
};

/** Beyond the run's own limits: a Job that everybody forgot ends by itself. */
const backstopSec = 600;

/** What a start may take, when the settings set no limit to it. */
const startSec = 900;

/**
 * Home and workspace are on the claim when there is one, each guard key in folders of its own so that two
 * runs never write one file, and beside what others keep there; else they are empty folders that end with
 * the pod. A workspace that is a folder of the claim already is that one; each repository that is cloned has
 * a folder of its own, for a guard key may work on several.
 */
export function volumes(
  { workspaceVolumeClaim, workspaceAccessMode }: Settings,
  guardKey: string,
  { workspace, claimFolders }: Pick<RunInputs, "workspace" | "claimFolders">,
): RunVolume[] {
  const temporary = emptyFolder("tmp", "/tmp");
  if (workspaceVolumeClaim === undefined)
    return [emptyFolder("home", homeDir), emptyFolder("workspace", workspace.path), temporary];
  const folder = labelValue(guardKey);
  const { path, clone } = workspace;
  const own =
    clone === undefined
      ? `claude-k8s/workspaces/${folder}`
      : `claude-k8s/repositories/${folder}/${labelValue(clone.url)}`;
  return [
    {
      name: "workspace",
      source: { persistentVolumeClaim: { claimName: workspaceVolumeClaim } },
      mounts: [
        { path: homeDir, subPath: homeFolder(guardKey) },
        { path, subPath: workspace.subPath ?? own },
        ...claimFolders,
      ],
      ...(workspaceAccessMode === undefined ? {} : { accessMode: workspaceAccessMode }),
    },
    temporary,
  ];
}

/** The folder of the claim that is home to the runs of a guard key. */
export function homeFolder(guardKey: string): string {
  return `claude-k8s/homes/${labelValue(guardKey)}`;
}

/** Where the pod goes, and what the cluster gives it. */
export function placement(settings: Settings): Placement {
  const { nodeSelector, tolerations, imagePullSecrets } = settings;
  const { affinity, dnsConfig, dnsPolicy, priorityClassName } = settings;
  const { runtimeClassName, serviceAccountName } = settings;
  const named = {
    affinity,
    dnsConfig,
    dnsPolicy,
    priorityClassName,
    runtimeClassName,
    serviceAccountName,
  };
  return { nodeSelector, tolerations, imagePullSecrets, ...withoutUndefined(named) };
}

function withoutUndefined<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose their keys' types
  return Object.fromEntries(set) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function emptyFolder(name: string, path: string): RunVolume {
  return { name, source: { emptyDir: {} }, mounts: [{ path }] };
}

/** What the settings name; `undefined` when they name nothing, for then the manifest's defaults are good. */
export function resources(settings: Settings): ContainerResources | undefined {
  const amounts = (kind: "requests" | "limits"): Record<string, string> => {
    const cpu = settings[`resources.${kind}.cpu`];
    const memory = settings[`resources.${kind}.memory`];
    return {
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { memory }),
    };
  };
  const [requests, limits] = [amounts("requests"), amounts("limits")];
  const isEmpty = Object.keys({ ...requests, ...limits }).length === 0;
  return isEmpty ? undefined : { requests, limits };
}

/** Our own limits end a run; the Job's is there for the case that nobody is left to keep them. */
export function life(settings: Settings): Life {
  const { timeoutSec, graceSec, unschedulableWaitSec, imagePullGraceSec, startTimeoutSec } =
    settings;
  const starting = startTimeoutSec === 0 ? startSec : startTimeoutSec;
  const waiting = Math.max(startSec, unschedulableWaitSec) + Math.max(imagePullGraceSec, starting);
  return {
    ttlSecondsAfterFinished: settings.ttlSecondsAfterFinished,
    terminationGracePeriodSeconds: settings.terminationGraceSec,
    ...(timeoutSec === 0
      ? {}
      : { activeDeadlineSeconds: waiting + timeoutSec + graceSec + backstopSec }),
  };
}
