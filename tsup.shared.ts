import { defineConfig } from "tsup";

/** Declarations come from `tsc -p tsconfig.build.json`, since tsup's dts cannot use TypeScript 7. */
const config: ReturnType<typeof defineConfig> = defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
});

export default config;
