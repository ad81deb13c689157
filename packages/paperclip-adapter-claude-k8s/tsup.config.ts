import { defineConfig, type Options } from "tsup";
import { collectLicences } from "./tsup.licences.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Files of these packages do nothing by being loaded but define what they export. */
const definitionsOnly =
  /[\\/](?:@kubernetes[\\/]client-node|@paperclipai[\\/](?:adapter-utils|shared))[\\/]dist[\\/]/;

/** Marks such files, which their packages do not: what is not used of them is left out. */
const leaveOutUnused: Plugin = {
  name: "leave-out-unused",
  setup(build) {
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "asked") return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: "asked" });
      if (found.errors.length > 0 || !definitionsOnly.test(found.path)) return undefined;
      return { path: found.path, namespace: found.namespace, sideEffects: false };
    });
  },
};

/**
 * One file an entry, with all of this repository's code: the host's reload imports the entry anew, and nothing that
 * the entry imports.
 *
 * Two packages of others are taken into the bundle, for what is needed of them is little and loading them whole takes 150 MB in
 * a process that has not begun to work: every model of the Kubernetes API, and every schema of the host's.
 * OpenTelemetry's API is in it because the host's own copy cannot be reached from where the adapter is installed.
 */
const config: ReturnType<typeof defineConfig> = defineConfig({
  // As the other packages are built (tsup.shared.ts), with the command beside the library.
  entry: { index: "src/index.ts", "command/main": "src/command/main.ts" },
  format: "esm",
  splitting: false,
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
  noExternal: [
    /^@claude-k8s\//,
    "@kubernetes/client-node",
    "@opentelemetry/api",
    /^@paperclipai\//,
  ],
  esbuildPlugins: [leaveOutUnused, collectLicences("dist/third-party-licences.txt")],
  esbuildOptions(options) {
    // From their source, so that nothing must be built before; setting conditions drops the usual one.
    options.conditions = ["@claude-k8s/source", "module"];
    // Places for stack traces; the texts would make the package three times as large.
    options.sourcesContent = false;
  },
  // What is CommonJS among them finds Node's modules by this.
  banner: {
    js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`,
  },
});

export default config;
