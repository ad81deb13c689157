import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../src/index.ts";
import { call, job, jobs, log, look, podIn } from "./support.ts";

let emulator: Emulator;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claim-"));
  await mkdir(join(folder, "a/b"), { recursive: true });
  await writeFile(join(folder, "a/b/file"), "content");
  emulator = await startEmulator({ claimFolders: { "default/data": folder } });
  await call(emulator, "POST", "/api/v1/namespaces/default/persistentvolumeclaims", {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
  });
  emulator.program("agent:1", async (p) => {
    p.stdout.write(await p.readFile("/mnt/file"));
    return 0;
  });
});
afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function mounting(name: string, subPath: string): object {
  return job(
    name,
    {
      command: ["sh", "-c", `${look("/mnt/file")}exec "$@"`, "look", "claude"],
      volumeMounts: [{ name: "v", mountPath: "/mnt", subPath }],
    },
    {},
    { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
  );
}

test("a claim holds the files of its folder, a subPath those below it", async () => {
  await call(emulator, "POST", jobs, mounting("one", "a/b"));
  expect((await log(emulator, await podIn(emulator, "one", "terminated"))).body).toBe("content");
});

test("a command that looks for what it needs ends where a subPath is not there", async () => {
  await call(emulator, "POST", jobs, mounting("two", "a/c"));
  const pod = await podIn(emulator, "two", "terminated");
  expect(pod.status.containerStatuses[0].state.terminated.exitCode).toBe(66);
  expect((await log(emulator, pod)).body).toBe("look: /mnt/file is not there\n");
});
