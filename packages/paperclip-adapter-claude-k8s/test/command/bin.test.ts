// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { execFileSync, spawn } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cluster } from "../support/cluster.ts";
import { leftBehind } from "../support/command.ts";
import { namespace } from "../support/fake-host.ts";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const folder = fileURLToPath(new URL("../../", import.meta.url));
// Beside `dist`, so that package.json and dependencies are found as from there.
const built = join(folder, "dist-of-bin-test");
const bin = join(built, "command/main.js");

beforeAll(() => {
  const tsup = join(
    dirname(createRequire(import.meta.url).resolve("tsup/package.json")),
    "dist/cli-default.js",
  );
  execFileSync(process.execPath, [tsup, "--out-dir", built], { cwd: folder, stdio: "pipe" });
});

afterAll(() => rmSync(built, { recursive: true, force: true }));

interface Exit {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `onOutput` may close its stdout or send a signal. */
function run(
  args: readonly string[],
  env: Record<string, string> = {},
  onOutput: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<Exit> {
  // Libraries beside it are not built where only tests run.
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", bin, ...args], {
    env: { PATH: process.env["PATH"], HOME: "/nowhere", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => {
    out += data.toString();
    onOutput(child);
  });
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

test("the command as it is built: help, version, exit codes", async () => {
  expect(statSync(bin).mode & 0o111).not.toBe(0);
  const help = await run(["--help"]);
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const name of ["list", "logs RUN", "stop RUN", "adopt RUN", "sweep", "doctor"])
    expect(help.out).toContain(`\n  ${name} `);
  expect((await run(["logs", "--help"])).out).toContain("--follow");
  expect(await run(["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(await run(["lst"])).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("expected one of"),
  });
  expect(await run(["list"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("no kubeconfig"),
  });
});

test("Ctrl-C ends a follow with 130, a closed pipe with 141, both without a crash", async () => {
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    for (let line = 0; ; line += 1) {
      stdout.write(`line ${line}\n`);
      await sleep(20);
    }
  });
  await leftBehind(emulator);
  const file = join(mkdtempSync(join(tmpdir(), "claude-k8s-")), "kubeconfig");
  writeFileSync(file, emulator.kubeConfig);
  const logs = ["logs", "run-1", "-f", "-n", namespace];
  const interrupted = await run(logs, { KUBECONFIG: file }, (child) => child.kill("SIGINT"));
  expect(interrupted.code).toBe(130);
  expect(interrupted.err).not.toContain("Error");
  const closed = await run(logs, { KUBECONFIG: file }, (child) => child.stdout?.destroy());
  expect(closed.code).toBe(141);
  expect(closed.err).not.toContain("Error");
});
