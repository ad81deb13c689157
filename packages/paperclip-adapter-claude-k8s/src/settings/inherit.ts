import type { Affinity } from "@claude-k8s/k8s-job-manifest";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { DnsPolicy, Settings } from "./types.ts";

/** Settings whose gaps are filled from the server's own pod. */
export interface InheritedSettings {
  readonly settings: Settings;
  /** What was taken over, for the run's notes; empty when nothing was. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

type Part = Partial<Settings>;

/**
 * Fills what the settings leave open from the pod that the server runs in, each part unless it is switched
 * off. From here on nobody looks at that pod but for variables. Pure.
 */
export function inherit(settings: Settings, self: SelfPodInfo): InheritedSettings {
  const namespace = settings.namespace ?? self.namespace;
  const parts: readonly (readonly [what: string, part: Part])[] = [
    ["image", image(settings, self)],
    ["pull secrets", pullSecrets(settings, self)],
    ["DNS", dns(settings, self)],
    ["volume claim", volumeClaim(settings, self, namespace)],
    ["scheduling", scheduling(settings, self)],
  ];
  const taken = parts.filter(([, part]) => Object.keys(part).length > 0);
  const filled = taken.reduce<Settings>((so, [, part]) => ({ ...so, ...part }), settings);
  const { imagePullSecrets = [] } = pullSecrets(settings, self);
  const isAway = namespace !== self.namespace && imagePullSecrets.length > 0;
  return {
    settings: besideServer(filled, self, settings.workspaceVolumeClaim === undefined),
    notes:
      taken.length === 0
        ? []
        : [`Taken over from the server's pod: ${taken.map(([what]) => what).join(", ")}`],
    warnings: isAway
      ? [
          `imagePullSecrets ${imagePullSecrets.join(", ")}: taken over from the server's pod, but must exist in ${namespace} too`,
        ]
      : [],
  };
}

function image({ inheritImage, image: own }: Settings, self: SelfPodInfo): Part {
  return inheritImage && own === undefined && self.image !== undefined ? { image: self.image } : {};
}

function pullSecrets({ inheritPullSecrets, imagePullSecrets }: Settings, self: SelfPodInfo): Part {
  const names = (self.imagePullSecrets ?? []).flatMap(({ name }) => name ?? []);
  return inheritPullSecrets && imagePullSecrets.length === 0 && names.length > 0
    ? { imagePullSecrets: names }
    : {};
}

function dns({ inheritDns, dnsPolicy, dnsConfig }: Settings, self: SelfPodInfo): Part {
  if (!inheritDns || dnsPolicy !== undefined || dnsConfig !== undefined) return {};
  const policy = podsOwn(self.dnsPolicy);
  return {
    ...(policy === undefined ? {} : { dnsPolicy: policy }),
    ...(self.dnsConfig === undefined ? {} : { dnsConfig: self.dnsConfig }),
  };
}

/** `undefined` for what is the default anyway. A server in its node's network has a policy no run can have. */
function podsOwn(policy: string | undefined): DnsPolicy | undefined {
  return policy === "Default" || policy === "None" ? policy : undefined;
}

/** A claim is of one namespace, and one of a single pod is in use by the server. */
function volumeClaim(settings: Settings, self: SelfPodInfo, namespace: string): Part {
  const { inheritVolumeClaim, workspaceVolumeClaim, workspaceAccessMode } = settings;
  const isOfOnePod = workspaceAccessMode === "ReadWriteOncePod";
  const isWanted = inheritVolumeClaim && workspaceVolumeClaim === undefined && !isOfOnePod;
  return isWanted && namespace === self.namespace && self.volumeClaim !== undefined
    ? { workspaceVolumeClaim: self.volumeClaim }
    : {};
}

function scheduling(settings: Settings, self: SelfPodInfo): Part {
  if (!settings.inheritScheduling) return {};
  const { nodeSelector = {}, tolerations = [], nodeAffinity } = self;
  const isOpen = Object.keys(settings.nodeSelector).length === 0;
  return {
    ...(isOpen && Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(settings.tolerations.length === 0 && tolerations.length > 0 ? { tolerations } : {}),
    ...(settings.affinity === undefined && nodeAffinity !== undefined
      ? { affinity: { nodeAffinity } }
      : {}),
  };
}

/**
 * A claim that can be used on one node only is where the server is. Whether it is such a claim is for the
 * settings to say; unsaid, the server's node is preferred, which is right for either.
 */
function besideServer(settings: Settings, self: SelfPodInfo, isTakenOver: boolean): Settings {
  const { workspaceVolumeClaim, workspaceAccessMode } = settings;
  const { nodeName } = self;
  const isServers = isTakenOver && workspaceVolumeClaim !== undefined;
  if (!isServers || nodeName === undefined || workspaceAccessMode === "ReadWriteMany")
    return settings;
  const isRequired = workspaceAccessMode !== undefined;
  return { ...settings, affinity: onNode(settings.affinity ?? {}, nodeName, isRequired) };
}

/** The affinity, and this node as well: terms of one list are alternatives, those of one term are not. */
function onNode(affinity: Affinity, node: string, isRequired: boolean): Affinity {
  const field = { key: "metadata.name", operator: "In", values: [node] };
  const { nodeAffinity = {} } = affinity;
  const preferred = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const terms = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const narrowed = (terms ?? [{}]).map((term) => ({
    ...term,
    matchFields: [...(term.matchFields ?? []), field],
  }));
  const added = isRequired
    ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: narrowed } }
    : {
        preferredDuringSchedulingIgnoredDuringExecution: [
          ...preferred,
          { weight: 100, preference: { matchFields: [field] } },
        ],
      };
  return { ...affinity, nodeAffinity: { ...nodeAffinity, ...added } };
}
