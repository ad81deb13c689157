import {
  mainContainer,
  preparationContainers,
  scratchVolumes,
  sidecarContainers,
} from "./containers.ts";
import type { Input } from "./input.ts";
import type { JobManifest } from "./manifest-types.ts";
import { claimLabels, placement } from "./placement.ts";
import type { PodSpec } from "./pod-types.ts";
import type { RunSpec } from "./types.ts";

const anyId = 1000;
const gracePeriodSeconds = 10;

/** Nobody moves the pod for economy: an interrupted run is lost work. */
const stay = {
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
  "karpenter.sh/do-not-disrupt": "true",
};

export function podTemplate(spec: RunSpec, input: Input): JobManifest["spec"]["template"] {
  return {
    metadata: {
      labels: { ...claimLabels(spec.volumes), ...spec.labels },
      annotations: { ...stay, ...spec.annotations },
    },
    spec: podSpec(spec, input),
  };
}

/** A pod that the Pod Security standard `restricted` admits, and that has no token for the API server. */
function podSpec(spec: RunSpec, input: Input): PodSpec {
  const { uid = anyId, gid = anyId, fsGroup = anyId } = spec.identity ?? {};
  const { terminationGracePeriodSeconds = gracePeriodSeconds, runLimitSeconds } = spec.life ?? {};
  // Sidecars first: a preparation may need one, such as a proxy.
  const initContainers = [...sidecarContainers(spec, input), ...preparationContainers(spec, input)];
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    // Else the addresses of all services of the namespace are in the environment.
    enableServiceLinks: false,
    // Something must reap what the program leaves behind; with this it is the pod's pause process.
    shareProcessNamespace: true,
    terminationGracePeriodSeconds,
    ...(runLimitSeconds === undefined ? {} : { activeDeadlineSeconds: runLimitSeconds }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      fsGroup,
      // A large volume is not walked at every start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(initContainers.length === 0 ? {} : { initContainers }),
    containers: [mainContainer(spec, input)],
    volumes: [
      ...input.volumes,
      ...(spec.volumes ?? []).map(({ name, source }) => ({ ...source, name })),
      ...scratchVolumes(spec),
    ],
    ...placement(spec),
  };
}
