import {
  type Emulator,
  type EmulatorOptions,
  type Program,
  startEmulator,
} from "@claude-k8s/kubernetes-emulator";
import { expect } from "vitest";
import { image, namespace } from "./fake-host.ts";

/** An emulator whose test image runs `program`. */
export async function cluster(program: Program, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ namespaces: [namespace], ...options });
  emulator.program(image, program);
  return emulator;
}

/** Names of the Jobs, pods and Secrets in the tests' namespace. */
export async function objects(emulator: Emulator): Promise<string[]> {
  const paths = ["/apis/batch/v1", "/api/v1", "/api/v1"];
  const lists = await Promise.all(
    ["jobs", "pods", "secrets"].map(async (kind, index) => {
      const answer = await fetch(`${emulator.url}${paths[index]}/namespaces/${namespace}/${kind}`);
      const { items } = (await answer.json()) as { items: { metadata: { name: string } }[] };
      return items.map(({ metadata }) => `${kind}/${metadata.name}`);
    }),
  );
  return lists.flat();
}

/** The result waits for the deletion to be accepted, not for the pods to be gone: they go within moments. */
export async function expectNothingLeft(emulator: Emulator): Promise<void> {
  await expect.poll(() => objects(emulator), { interval: 20, timeout: 5_000 }).toEqual([]);
}

/** The requests of the run itself, in order: `create jobs`. Watches, Leases and the sweep's list are the process's. */
export function requestsOf(emulator: Emulator): string[] {
  return emulator.requests
    .filter(
      ({ userAgent, verb, resource, url }) =>
        userAgent?.startsWith("claude-k8s") === true &&
        verb !== "watch" &&
        resource !== "leases" &&
        !(verb === "list" && resource === "jobs" && !url.includes("agent-id")),
    )
    .map(({ verb, resource, subresource }) =>
      [verb, [resource, subresource].filter(Boolean).join("/")].join(" "),
    );
}

/** A claim of this name, which pods can mount. */
export async function withClaim(emulator: Emulator, name: string): Promise<void> {
  const answer = await fetch(
    `${emulator.url}/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        metadata: { name },
        spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
      }),
    },
  );
  expect(answer.status).toBe(201);
}
