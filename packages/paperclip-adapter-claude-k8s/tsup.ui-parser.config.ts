import { defineConfig } from "tsup";

/** A script for the host's UI, which evaluates its text in a browser's worker: CommonJS, one file, no imports. */
const config: ReturnType<typeof defineConfig> = defineConfig({
  entry: { "ui-parser": "src/ui/ui-parser.ts" },
  format: "cjs",
  platform: "browser",
  target: "es2022",
  outExtension: () => ({ js: ".cjs" }),
  noExternal: [/.*/],
  splitting: false,
  treeshake: true,
  dts: false,
  sourcemap: false,
  clean: false,
  esbuildOptions(options) {
    // From the sources, so that it can be built without anything else built.
    options.conditions = ["@claude-k8s/source"];
  },
});

export default config;
