import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";

/** The emulator's kubeconfig in a file of its own. */
export async function writeKubeconfig(emulator: Emulator): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "kubeconfig-")), "config");
  await writeFile(file, emulator.kubeConfig);
  return file;
}
