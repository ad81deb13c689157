import { defineConfig, type ViteUserConfig } from "vitest/config";

/** The tests of the repository itself: the import table, the files, the documents. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
  },
});

export default config;
