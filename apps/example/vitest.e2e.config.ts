import type { ViteUserConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";
import { suitesOf, suitesVariable } from "./src/e2e/suites.ts";

const long: boolean = process.env["CLAUDE_K8S_E2E_LONG"] === "1";

/** `pnpm e2e`: the suites, on the real cluster that was handed over. */
const config: ViteUserConfig = {
  ...shared,
  test: {
    ...shared.test,
    include: suitesOf(process.env[suitesVariable]).flatMap(({ files }) => files),
    exclude: long ? [] : ["**/*.long.test.ts"],
    reporters: ["default", ["json", { outputFile: ".reports/e2e.json" }]],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // Pods wait most of the time: many at once keep the suite short without a bigger machine.
    maxWorkers: 4,
    maxConcurrency: 8,
  },
};

export default config;
