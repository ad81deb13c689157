// Brings a real cluster to each state of a Job, and keeps what the cluster wrote.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kubeHttp } from "@claude-k8s/kube-http";
import { provideImage } from "../cluster/image.ts";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { openCluster } from "../cluster/open-cluster.ts";
import { readOptions } from "../terminal/read-options.ts";
import { clusterFault } from "../cluster/cluster-fault.ts";
import { states } from "../states/states.ts";
import { recordState } from "../states/record-state.ts";
import { anyNode, makeWorld } from "../states/state-world.ts";
import type { State } from "../states/state.ts";
import { formatStates } from "./format-states.ts";
import { startRegistry } from "./registry.ts";

const usage = `Brings a real cluster to each state of a Job and writes down what it wrote, a file a state.

  record-states --out FOLDER [--only NAME,…] [--image NAME] [--needs registry,whole-node,kubelet-down]
                 [--registry-port PORT]

  On the cluster of $KUBECONFIG, or on a kind cluster of its own. What a state needs beside a cluster it
  gets only if --needs names it. A runtime with a mirror asks that instead of the registry of an image: then
  --registry-port names the mirror's port; faults of the node are made by the command in $CLUSTER_FAULT.`;

const values = readOptions(process.argv.slice(2), {
  out: { type: "string" },
  only: { type: "string" },
  image: { type: "string" },
  needs: { type: "string" },
  "registry-port": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const);

async function main(folder: string): Promise<void> {
  const only = values.only?.split(",");
  const has = new Set(values.needs?.split(",") ?? []);
  const chosen = states.filter(
    ({ name, needs }) => only?.includes(name) ?? (needs === undefined || has.has(needs)),
  );
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  const { signal } = stopping;
  const open = await openCluster({
    purpose: "states",
    kindImage: undefined,
    onChosen: say,
    signal,
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void (await open.close()));
  const { name: image } = await provideImage(open, { image: values.image, say, signal });
  const registry = stack.use(await startRegistry(Number(values["registry-port"] ?? 0)));
  const http = stack.adopt(kubeHttp(kubeConfigOf(open.kubeConfig)), (one) => one.close());
  const nodeName = await anyNode(http, signal);
  const version = await http.request<{ gitVersion: string }>({
    method: "GET",
    path: "/version",
    signal,
  });
  const gitVersion = version.kind === "ok" ? version.body.gitVersion : "unknown";
  const fault = clusterFault();
  await mkdir(folder, { recursive: true });
  const record = async (state: State): Promise<void> => {
    const namespace = `${open.mark}-${state.name}`;
    const place = { http, namespace, image, nodeName, registryPort: registry.port, signal };
    const world = await makeWorld(state, { ...place, mark: open.mark });
    const made = await recordState(state, world, fault === undefined ? {} : { fault });
    const names = new Map([
      [namespace, "state"],
      [image, "example/image:1"],
      [`127.0.0.1:${registry.port}`, "127.0.0.1:5000"],
    ]);
    await writeFile(
      join(folder, `${state.name}.jsonl`),
      formatStates({ state, gitVersion, made, names }),
    );
    say(`${state.name}: ${made.messages.length} messages`);
  };
  // A few at a time: each has a namespace of its own, and waits for the cluster most of the time.
  const queue = [...chosen];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await record(next);
  };
  await Promise.all(Array.from({ length: 4 }, work));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

if (values.help === true || values.out === undefined) {
  say(usage);
  process.exitCode = values.help === true ? 0 : 2;
} else await main(values.out);
