import { symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readInstructions } from "../../src/bundle/instructions.ts";
import { instructionsSource } from "../../src/bundle/instructions-source.ts";
import { lay, temporary } from "../support/bundle.ts";

interface Read {
  readonly root: string;
  readonly entry?: string;
  readonly managedRoot?: string;
  readonly library?: string;
}

async function read({ root, entry = "AGENTS.md", managedRoot, library = "" }: Read) {
  const warnings: string[] = [];
  const source = { file: path.join(root, entry), managedRoot };
  const parts = await readInstructions(source, library, "/b", warnings);
  const paths = parts.map(({ files }) => files.map((file) => file.path));
  const text = Buffer.from(parts[0]?.files[0]?.content ?? []).toString();
  return { paths, text, warnings };
}

const texts = {
  "AGENTS.md": "Read ./TOOLS.md.",
  "TOOLS.md": "tools",
  "deep/more.txt": "more",
  ".env": "SECRET=1",
  "data.json": "{}",
};

test("of a managed folder everything comes along but what is hidden, and the pod's place is named", async () => {
  const root = await temporary();
  await lay(root, texts);
  const { paths, text, warnings } = await read({ root, managedRoot: root, library: "# Library" });
  expect(paths).toEqual([
    ["agent-instructions.md", "instructions/AGENTS.md"],
    ["instructions/TOOLS.md", "instructions/data.json", "instructions/deep/more.txt"],
  ]);
  expect(text).toMatch(/^Read \.\/TOOLS\.md\.\n/);
  expect(text).toContain("are the file /b/instructions/AGENTS.md.");
  expect(text).toContain("from /b/instructions/, which");
  expect(text).not.toContain(root);
  expect(text.endsWith("\n\n# Library")).toBe(true);
  expect(warnings).toEqual([]);
});

test("an entry in a folder of the managed one refers from there", async () => {
  const root = await temporary();
  await lay(root, texts);
  const { paths, text } = await read({ root, entry: "deep/more.txt", managedRoot: root });
  expect(paths[0]).toEqual(["agent-instructions.md", "instructions/deep/more.txt"]);
  expect(paths[1]).toContain("instructions/AGENTS.md");
  expect(text).toContain("from /b/instructions/deep/, which");
});

test("of any other folder only the texts beside the file come along", async () => {
  const root = await temporary();
  await lay(root, texts);
  const { paths } = await read({ root });
  expect(paths).toEqual([
    ["agent-instructions.md", "instructions/AGENTS.md"],
    ["instructions/TOOLS.md"],
  ]);
});

test("nothing comes along from a repository, nor from a folder that is too full; both are said", async () => {
  const [repository, full] = [await temporary(), await temporary()];
  await lay(repository, { ...texts, ".git/HEAD": "ref" });
  const beside = Array.from({ length: 33 }, (_, index) => [`${index}.md`, ""]);
  await lay(full, { ...texts, ...Object.fromEntries(beside) });
  const own = ["agent-instructions.md", "instructions/AGENTS.md"];
  expect(await read({ root: repository })).toMatchObject({
    paths: [own],
    warnings: [expect.stringContaining("it is a repository")],
  });
  expect(await read({ root: full })).toMatchObject({
    paths: [own],
    warnings: [expect.stringContaining("more than 32 files")],
  });
});

test("a link out of the managed folder is named and left; an entry out of it makes it nobody's", async () => {
  const [root, outside] = [await temporary(), await temporary()];
  await lay(root, { "AGENTS.md": "a" });
  await lay(outside, { "OTHER.md": "o", secret: "s" });
  await symlink(path.join(outside, "secret"), path.join(root, "TOOLS.md"));
  expect(await read({ root, managedRoot: root })).toMatchObject({
    paths: [["agent-instructions.md", "instructions/AGENTS.md"]],
    warnings: ["the instructions go without TOOLS.md (a link out of the folder)"],
  });
  await symlink(path.join(outside, "OTHER.md"), path.join(root, "OTHER.md"));
  expect(await read({ root, entry: "OTHER.md", managedRoot: root })).toMatchObject({
    paths: [["agent-instructions.md", "instructions/OTHER.md"]],
    warnings: [expect.stringContaining(`is not in instructionsRootPath ${root}`)],
  });
  expect((await read({ root, managedRoot: "/nowhere" })).warnings[0]).toMatch(
    /^instructionsRootPath cannot be read: ENOENT/,
  );
});

test("a file that cannot be read is named, and what there is besides still comes", async () => {
  const root = await temporary();
  expect(await read({ root, library: "# Library" })).toMatchObject({
    paths: [["agent-instructions.md"]],
    text: "# Library",
    warnings: [expect.stringMatching(/^instructionsFilePath cannot be read: ENOENT/)],
  });
  expect((await read({ root })).paths).toEqual([]);
});

test.each<[config: Record<string, unknown>, root: string | undefined]>([
  [{ instructionsBundleMode: "managed", instructionsRootPath: "/r" }, "/r"],
  [{ instructionsBundleMode: "external", instructionsRootPath: "/r" }, undefined],
  [{ instructionsRootPath: "/r" }, undefined],
  [{ instructionsBundleMode: "managed", instructionsRootPath: 1 }, undefined],
])("the host's words %j name the managed folder %s", (config, managedRoot) => {
  expect(instructionsSource(config, "/f")).toEqual({ file: "/f", managedRoot });
  expect(instructionsSource(config, undefined)).toBeUndefined();
});
