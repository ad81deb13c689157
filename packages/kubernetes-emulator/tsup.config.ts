import { defineConfig } from "tsup";

import shared from "../../tsup.shared.ts";

const config: ReturnType<typeof defineConfig> = defineConfig({
  ...shared,
  entry: ["src/index.ts", "src/cli.ts"],
});

export default config;
