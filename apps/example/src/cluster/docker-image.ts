import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExampleError } from "../errors.ts";
import { mustRun, runCommand } from "./command.ts";
import { localImageTool, makeBase } from "./local-image.ts";

export interface DockerBuild {
  readonly name: string;
  /** The build's context, its Dockerfile included. */
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What stands for the Dockerfile's base where nothing can be pulled. */
const localBase = "claude-replay-base:local";

/**
 * Builds the image into the Docker engine's store. Where the base can be neither found nor pulled,
 * one is made from files of this machine if there is a tool for it.
 */
export async function buildByDocker(build: DockerBuild): Promise<void> {
  const { say, signal } = build;
  const problem = await tryBuild(build, []);
  if (problem === undefined) return;
  const tool = localImageTool();
  if (tool === undefined) throw new ExampleError("EXAMPLE_NO_IMAGE", problem);
  say("the base image cannot be pulled: making one from files of this machine");
  const folder = await mkdtemp(join(tmpdir(), "claude-k8s-base-"));
  try {
    const file = join(folder, "base.tar");
    await makeBase(tool, { name: localBase, file, signal });
    await mustRun("docker", ["load", "--input", file], { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const again = await tryBuild(build, ["--build-arg", `BASE=${localBase}`]);
  if (again !== undefined) throw new ExampleError("EXAMPLE_NO_IMAGE", again);
}

/** Answers what was wrong. */
async function tryBuild(
  { name, folder, signal }: DockerBuild,
  args: readonly string[],
): Promise<string | undefined> {
  const all = ["build", "--tag", name, ...args, folder];
  const end = await runCommand("docker", all, { signal });
  if (end.code === 0) return undefined;
  const said = `${end.stdout}\n${end.stderr}`.trim().split("\n").slice(-6).join("\n");
  return `\`docker ${all.join(" ")}\` ended with code ${end.code}:\n${said}`;
}
