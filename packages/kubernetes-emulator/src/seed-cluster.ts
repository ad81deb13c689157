import { applyDefaults } from "./defaults.ts";
import type { KubeObject } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { Settings } from "./options.ts";
import type { NodeOptions } from "./types.ts";

/** Namespaces with their service account, and nodes, as a cluster has them before anyone comes. */
export function seedCluster(world: KubeletWorld, settings: Settings): void {
  for (const name of settings.namespaces) {
    const namespace = bare(world, "Namespace", { name });
    applyDefaults(namespace);
    world.store.namespaces.add(namespace);
  }
  for (const node of settings.nodes) {
    const object = bare(world, "Node", { name: node.name });
    object.metadata.labels = nodeLabels(node);
    world.store.nodes.add({ ...object, spec: {}, status: nodeStatus(node, world.clock.seconds()) });
  }
}

function bare(world: KubeletWorld, kind: string, about: { readonly name: string }): KubeObject {
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name: about.name,
      uid: world.identity.uid(),
      resourceVersion: "",
      creationTimestamp: world.clock.seconds(),
    },
  };
}

function nodeLabels(node: NodeOptions): Record<string, string> {
  return {
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": "linux",
    ...node.labels,
  };
}

function nodeStatus(
  node: NodeOptions,
  now: string,
): { allocatable: Record<string, string>; [field: string]: unknown } {
  const capacity = { cpu: "4", memory: "8Gi", pods: "110", ...node.capacity };
  return {
    capacity,
    allocatable: capacity,
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "kubelet is posting ready status",
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
    nodeInfo: {
      kubeletVersion: "v1.35.4+emulator",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}
