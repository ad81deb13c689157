// Holds every package.json to the import table of docs/architecture.md: what a package may need at run time is
// decided there, not by whoever adds a line to a manifest.
import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const RUN_TIME: Record<string, string[]> = {
  "@claude-k8s/kube-http": [],
  "@claude-k8s/k8s-job-manifest": [],
  "@claude-k8s/claude-stream-parse": [],
  "@claude-k8s/orphan-guard": [],
  "@claude-k8s/log-stream": ["@claude-k8s/kube-http"],
  "@claude-k8s/job-watch": ["@claude-k8s/kube-http"],
  "@claude-k8s/kubernetes-emulator": ["@peculiar/x509", "reflect-metadata", "rfc6902"],
  "paperclip-adapter-claude-k8s": [],
};
/** Packages that are built into another, so that nothing of them is installed beside it. */
const BUNDLED: Record<string, string[]> = {
  "paperclip-adapter-claude-k8s": [
    "@claude-k8s/claude-stream-parse",
    "@claude-k8s/job-watch",
    "@claude-k8s/k8s-job-manifest",
    "@claude-k8s/kube-http",
    "@claude-k8s/log-stream",
    "@claude-k8s/orphan-guard",
    "@kubernetes/client-node",
    "@opentelemetry/api",
  ],
};
const PEERS: Record<string, string[]> = {
  "paperclip-adapter-claude-k8s": ["@paperclipai/adapter-utils"],
};

const folders = globSync("packages/*/package.json").map((file) =>
  file.replace("/package.json", ""),
);
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;
const names = (record: Record<string, string> | undefined): string[] =>
  Object.keys(record ?? {}).toSorted();

test("every package of the table is there, and no other", () => {
  expect(folders.map((folder) => manifestOf(folder).name).toSorted()).toEqual(
    Object.keys(RUN_TIME).toSorted(),
  );
});

describe.each(folders)("%s", (folder) => {
  const manifest = manifestOf(folder);

  test("declares the dependencies that the table allows", () => {
    expect(names(manifest.dependencies)).toEqual(RUN_TIME[manifest.name]);
    expect(names(manifest.peerDependencies)).toEqual(PEERS[manifest.name] ?? []);
    expect(names(manifest.optionalDependencies)).toEqual([]);
  });

  test("imports at run time only what it declares", () => {
    const bundled = BUNDLED[manifest.name] ?? [];
    expect(names(manifest.devDependencies)).toEqual(expect.arrayContaining(bundled));
    const allowed = new Set([
      ...names(manifest.dependencies),
      ...names(manifest.peerDependencies),
      ...bundled,
    ]);
    const foreign = globSync(`${folder}/src/**/*.ts`).flatMap((file) =>
      runTimeImports(readFileSync(file, "utf8"))
        .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
        .filter((name) => !allowed.has(packageOf(name)))
        .map((name) => `${file}: ${name}`),
    );
    expect(foreign).toEqual([]);
  });
});

test("only one file of the adapter imports the Kubernetes client", () => {
  const importing = globSync("packages/*/src/**/*.ts").filter((file) =>
    runTimeImports(readFileSync(file, "utf8")).includes("@kubernetes/client-node"),
  );
  expect(importing).toEqual(["packages/paperclip-adapter-claude-k8s/src/server/k8s-client.ts"]);
});

function runTimeImports(source: string): string[] {
  const statements = source.matchAll(
    /^(?:import|export)\s(?!type\b)[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
