import type { ViteUserConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

const config: ViteUserConfig = {
  ...shared,
  test: {
    ...shared.test,
    include: ["test/**/*.test.ts", "conformance/**/*.test.ts"],
  },
};

export default config;
