import { describe } from "vitest";
import { type TestCluster, httpFor } from "./cluster-run.ts";
import { conformance } from "./conformance.ts";

/**
 * The same promises on a real cluster: needs `KUBECONFIG`, a namespace of its own in
 * `CLAUDE_K8S_TEST_NAMESPACE`, and an image with a shell in `CLAUDE_K8S_TEST_IMAGE`.
 */
const namespace = process.env["CLAUDE_K8S_TEST_NAMESPACE"];
const image = process.env["CLAUDE_K8S_TEST_IMAGE"];

describe.skipIf(namespace === undefined || image === undefined)(
  "on a real cluster",
  { timeout: 60_000 },
  () => {
    let cluster: TestCluster | undefined;
    conformance(() => {
      cluster ??= { http: httpFor(undefined), namespace: namespace ?? "", image: image ?? "" };
      return cluster;
    }, 500);
  },
);
