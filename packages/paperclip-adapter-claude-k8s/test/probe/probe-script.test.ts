import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseProbeReport, probeScript } from "../../src/probe/probe-script.ts";

const run = promisify(execFile);
const mark = "a1b2c3";
let folder = "";

/** A PATH with the shell's own tools that the script uses, and nothing else. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "probe-script-"));
  await mkdir(join(folder, "bin"));
  await symlink("/bin/rm", join(folder, "bin", "rm"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function command(name: string, text: string): Promise<void> {
  const file = join(folder, "bin", name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
}

async function report(url = "", volume = "", git = "") {
  const { stdout } = await run("/bin/sh", ["-c", probeScript, mark, url, volume, git], {
    env: { PATH: join(folder, "bin") },
  });
  return parseProbeReport(mark, stdout.split("\n"));
}

describe("the script in a shell", () => {
  test("tells the first line of claude's version, and nothing that was not asked", async () => {
    await command("claude", "echo '2.1.330 (Claude Code)'; echo more");
    expect(await report()).toEqual({
      version: { exitCode: 0, text: "2.1.330 (Claude Code)" },
      isWhole: true,
    });
  });

  test("a claude that is missing, and one that fails, do not end it", async () => {
    expect((await report()).version?.exitCode).toBe(127);
    await command("claude", "echo 'cannot write /root' >&2; exit 3");
    expect(await report()).toEqual({
      version: { exitCode: 3, text: "cannot write /root" },
      isWhole: true,
    });
  });

  test("writes to the volume and leaves nothing there", async () => {
    const volume = join(folder, "volume");
    await mkdir(volume);
    expect((await report("", volume)).volume).toEqual({ isWritable: true, text: "" });
    expect(await readdir(volume)).toEqual([]);
    expect((await report("", join(folder, "missing"))).volume).toMatchObject({
      isWritable: false,
      text: expect.stringContaining("missing"),
    });
  });

  test("asks for git only when it is wanted", async () => {
    expect((await report("", "", "git")).git).toMatchObject({ exitCode: 127 });
    await command("git", "echo 'git version 2.47.1'");
    expect((await report("", "", "git")).git).toEqual({ exitCode: 0, text: "git version 2.47.1" });
    expect(await report()).not.toHaveProperty("git");
  });

  test("an image with nothing to ask with says so", async () => {
    expect((await report("http://127.0.0.1:1")).url).toEqual({ answer: "unknown", text: "" });
  });

  test.for([
    ["curl", "/usr/bin/curl"],
    ["node", process.execPath],
  ] as const)("%s: any answer is one, a closed port is none", async ([name, file], { skip }) => {
    await symlink(file, join(folder, "bin", name));
    await run(file, ["--version"]).catch(() => skip(`${file} is not here`));
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    expect(await report(url)).toMatchObject({ url: { answer: "reached" }, isWhole: true });
    await new Promise((resolve) => server.close(resolve));
    const { url: closed } = await report(url);
    expect(closed?.answer).toBe("failed");
    expect(closed?.text).not.toBe("");
  });

  test.for([
    [
      "of busybox",
      "echo 'wget: server returned error: HTTP/1.1 404 Not Found' >&2; exit 1",
      "reached",
    ],
    ["of GNU", "exit 8", "reached"],
    ["without an answer", "echo 'wget: connection refused' >&2; exit 1", "failed"],
  ] as const)("wget %s", async ([, text, answer]) => {
    await command("wget", text);
    expect((await report("http://host")).url?.answer).toBe(answer);
  });
});

test("lines of others are passed over, and a report that broke off is not whole", () => {
  const lines = ["noise", `${mark}x version 0 no`, `${mark} version 0 2.1`];
  expect(parseProbeReport(mark, lines)).toEqual({
    version: { exitCode: 0, text: "2.1" },
    isWhole: false,
  });
});
