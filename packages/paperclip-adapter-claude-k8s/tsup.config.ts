import { defineConfig } from "tsup";

/** As `tsup.shared.ts`, with the command beside the library. */
const config: ReturnType<typeof defineConfig> = defineConfig({
  entry: { index: "src/index.ts", "command/main": "src/command/main.ts" },
  format: "esm",
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
});

export default config;
