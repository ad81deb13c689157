import type { ViteUserConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

const config: ViteUserConfig = {
  ...shared,
  // Most of these tests wait for an emulated cluster, and leave a processor free meanwhile.
  test: { ...shared.test, maxWorkers: 3 },
  // Not `module`: by that OpenTelemetry's packages offer bundlers what Node cannot load, files named without an ending.
  ssr: { resolve: { conditions: ["@claude-k8s/source", "node", "development|production"] } },
};

export default config;
