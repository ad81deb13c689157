import { command } from "./command.ts";
import { environment, environmentSources } from "./environment.ts";
import type { Input } from "./input.ts";
import type { Container, ContainerResources, PodSpec } from "./manifest-types.ts";
import type { Placement, RunSpec } from "./types.ts";

const anyId = 1000;
const gracePeriodSeconds = 10;

const defaultResources: ContainerResources = {
  requests: { cpu: "250m", memory: "512Mi" },
  limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "4Gi" },
};

/**
 * A pod that the Pod Security standard `restricted` admits, that can reach neither the API server with a
 * token nor the addresses of the namespace's services by its environment.
 */
export function podSpec(spec: RunSpec, input: Input): PodSpec {
  const { uid = anyId, gid = anyId, fsGroup = anyId } = spec.identity ?? {};
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Something must reap what the program leaves behind; with this it is the pod's pause process.
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: spec.life?.terminationGracePeriodSeconds ?? gracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      fsGroup,
      // A large volume is not walked at every start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container(spec, input)],
    volumes: [
      ...input.volumes,
      ...(spec.volumes ?? []).map(({ name, source }) => ({ ...source, name })),
    ],
    ...placement(spec.placement ?? {}),
  };
}

function container(spec: RunSpec, input: Input): Container {
  const { program } = spec;
  const envFrom = environmentSources(program);
  return {
    name: spec.containerName ?? "main",
    image: program.image,
    ...(program.imagePullPolicy === undefined ? {} : { imagePullPolicy: program.imagePullPolicy }),
    command: command(input.stdinFiles, program.argv),
    env: environment(program, input.secretOf),
    ...(envFrom.length === 0 ? {} : { envFrom }),
    ...(program.workingDir === undefined ? {} : { workingDir: program.workingDir }),
    resources: program.resources ?? defaultResources,
    volumeMounts: [
      ...input.mounts,
      ...(spec.volumes ?? []).flatMap(({ name, mounts }) =>
        mounts.map(({ path, ...rest }) => ({ name, mountPath: path, ...rest })),
      ),
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    // Why a program failed is then in the pod's status, also when its log cannot be read any more.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** Only what was given: an absent field leaves the choice to the cluster. */
function placement(wanted: Placement): Partial<PodSpec> {
  const { nodeSelector, tolerations, topologySpreadConstraints, hostAliases, ...rest } = wanted;
  const { imagePullSecrets, ...asGiven } = rest;
  return {
    ...asGiven,
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
    ...(topologySpreadConstraints === undefined
      ? {}
      : { topologySpreadConstraints: [...topologySpreadConstraints] }),
    ...(hostAliases === undefined ? {} : { hostAliases: [...hostAliases] }),
    ...(imagePullSecrets === undefined
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
}
