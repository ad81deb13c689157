import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { createNamespace } from "../../src/cluster/namespace.ts";
import { handOver } from "../../src/e2e/hand-over.ts";

/** A claim on a folder of a node that every pod of the namespace may write to. */
export interface SharedVolume extends AsyncDisposable {
  readonly claim: string;
  /** Runs a JavaScript module as root with the volume at `/volume`, and answers what it printed. */
  run(module: string): Promise<string>;
}

interface PodNow {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

/** Of a folder of a node, for a cluster need have no storage class. A namespace of its own may mount it. */
export async function sharedVolume(cluster: ClusterUnderTest): Promise<SharedVolume> {
  const { http, namespace, image, signal } = cluster;
  const mark = handOver()?.mark ?? namespace;
  const helpers = `${namespace}-root`;
  const folder = `/var/tmp/${namespace}`;
  await createNamespace(http, { name: helpers, mark, signal });

  let count = 0;
  let node: string | undefined;
  const run = async (module: string): Promise<string> => {
    const name = `on-volume-${(count += 1)}`;
    await post(cluster, `/api/v1/namespaces/${helpers}/pods`, {
      metadata: { name },
      spec: {
        ...(node === undefined ? {} : { nodeName: node }),
        restartPolicy: "Never",
        volumes: [{ name: "v", hostPath: { path: folder, type: "DirectoryOrCreate" } }],
        containers: [
          {
            name: "main",
            image,
            imagePullPolicy: "IfNotPresent",
            command: ["node", "--input-type=module", "-e", module],
            securityContext: { runAsUser: 0 },
            volumeMounts: [{ name: "v", mountPath: "/volume" }],
          },
        ],
      },
    });
    const path = `/api/v1/namespaces/${helpers}/pods/${name}`;
    for (let look = 0; look < 240; look += 1) {
      const answer = await http.request<PodNow>({ method: "GET", path, signal });
      const pod = answer.kind === "ok" ? answer.body : {};
      node ??= pod.spec?.nodeName;
      if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") {
        const said = await logOf(cluster, path);
        if (pod.status.phase === "Succeeded") return said;
        throw new Error(`${name} failed: ${said}`);
      }
      await sleep(250, undefined, { signal });
    }
    throw new Error(`${name} did not end within a minute`);
  };

  await run(`import fs from "node:fs"; fs.chmodSync("/volume", 0o777);`);
  const size = { storage: "1Gi" };
  const accessModes = ["ReadWriteMany"];
  const values = [node];
  await post(cluster, "/api/v1/persistentvolumes", {
    metadata: { name: namespace },
    spec: {
      capacity: size,
      accessModes,
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      claimRef: { namespace, name: "data" },
      hostPath: { path: folder },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }] },
          ],
        },
      },
    },
  });
  await post(cluster, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name: "data" },
    spec: {
      accessModes,
      resources: { requests: size },
      storageClassName: "",
      volumeName: namespace,
    },
  });
  return {
    claim: "data",
    run,
    async [Symbol.asyncDispose]() {
      await run(
        `import fs from "node:fs"; for (const name of fs.readdirSync("/volume")) fs.rmSync("/volume/" + name, { recursive: true });`,
      );
      const claim = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/data`;
      for (const path of [claim, `/api/v1/persistentvolumes/${namespace}`])
        await http.request({ method: "DELETE", path, signal });
    },
  };
}

async function logOf({ http, signal }: ClusterUnderTest, path: string): Promise<string> {
  const { body } = await http.open({ path: `${path}/log`, signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function post({ http, signal }: ClusterUnderTest, path: string, body: object): Promise<void> {
  const answer = await http.request({ method: "POST", path, body, signal });
  if (answer.kind !== "ok") throw new Error(`POST ${path}: ${JSON.stringify(answer)}`);
}
