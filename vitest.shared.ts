import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  ssr: {
    resolve: { conditions: ["@claude-k8s/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["test/**/*.test.ts"],
    // A bound against hanging, not an expectation: a busy machine may be ten times slower.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
  },
});

export default config;
