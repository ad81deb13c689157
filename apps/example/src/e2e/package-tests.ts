import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HandOver } from "./hand-over.ts";
import { namespaceLabels } from "../cluster/namespace.ts";

/**
 * The cluster in the words of the packages' own cluster tests, which know nothing of this program: see
 * `packages/k8s-job-manifest/test/cluster/cluster.ts`.
 * @param folder where the kubeconfig is written
 */
export async function packageTests(
  folder: string,
  { kubeConfig, mark, image, shells }: HandOver,
): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, "kubeconfig");
  await writeFile(file, kubeConfig, { mode: 0o600 });
  return {
    CONFORMANCE_KUBECONFIG: file,
    CONFORMANCE_NAMESPACE: mark,
    CONFORMANCE_NAMESPACE_LABELS: JSON.stringify(namespaceLabels(mark)),
    CONFORMANCE_IMAGE: image,
    CONFORMANCE_SHELLS: JSON.stringify(shells),
  };
}
