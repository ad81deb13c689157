// A follower that is killed at any moment goes on in another process, from the cursor that it has stored.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import { standalone } from "../src/cluster/kubeconfig.ts";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { hasStarted, nameOf, runJob } from "./job.ts";
import { podOf } from "./objects.ts";

const follower = join(import.meta.dirname, "../src/follower/main.ts");
/** Ten lines ten times a second, the last one unfinished: every moment is between two lines, or in one. */
const script = (bursts: number): string =>
  `i=0; while [ $i -lt ${bursts} ]; do j=0; while [ $j -lt 10 ]; do echo "line $i $j — ü"; j=$((j+1)); done; ` +
  `i=$((i+1)); sleep 0.1; done; printf 'the end'`;

function written(bursts: number): string {
  const lines = Array.from({ length: bursts * 10 }, (_, i) => {
    return `line ${Math.floor(i / 10)} ${i % 10} — ü\n`;
  });
  return `${lines.join("")}the end`;
}

/** Starts a follower and kills it after `lifeMs`; with none it comes to its end. Answers its exit code. */
async function follow(args: readonly string[], lifeMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", follower, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  if (lifeMs !== undefined) {
    await sleep(lifeMs);
    child.kill("SIGKILL");
  }
  const [code]: (number | null)[] = await exited;
  return code ?? null;
}

async function killedOver(
  cluster: ClusterUnderTest,
  kills: number,
): Promise<{ readonly code: number | null; readonly text: string; readonly wrong: string[] }> {
  const bursts = kills * 13;
  const folder = await mkdtemp(join(tmpdir(), "killed-follower-"));
  try {
    const kubeConfig = join(folder, "kubeconfig");
    await writeFile(kubeConfig, standalone(cluster.kubeConfig), { mode: 0o600 });
    const job = await runJob(cluster, script(bursts));
    const pod = nameOf(await podOf(cluster, job.name, hasStarted));
    const args = [kubeConfig, cluster.namespace, pod, folder];
    const wrong: string[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await follow(args, 300 + Math.random() * 1_200);
      const soFar = await readFile(join(folder, "lines"), "utf8").catch(() => "");
      if (!written(bursts).startsWith(soFar))
        wrong.push(`after kill ${kill + 1}: ${soFar.slice(-80)}`);
    }
    const code = await follow(args);
    return { code, text: await readFile(join(folder, "lines"), "utf8"), wrong };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.concurrent("a follower that is killed with SIGKILL", () => {
  test.for([1, 2, 3, 4, 5])(
    "again and again, joins exactly: log %i",
    async (_log, { cluster, expect }) => {
      // Ten times each against the emulator; a real cluster sees one each.
      const kills = cluster.isEmulator ? 10 : 1;
      const { code, text, wrong } = await killedOver(cluster, kills);
      expect(wrong).toEqual([]);
      expect(text).toBe(written(kills * 13));
      expect(code).toBe(0);
    },
  );
});
