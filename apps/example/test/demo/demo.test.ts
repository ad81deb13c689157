import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appFolder } from "../../src/folders.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The demo as a process, not at a terminal. `onOutput` sees what it has printed so far. */
function demo(
  args: readonly string[],
  onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const main = join(appFolder, "src/demo/main.ts");
    const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", main, ...args], {
      env: { ...process.env, KUBECONFIG: "", FORCE_COLOR: undefined },
    });
    const ended = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      ended.stdout += text;
      onOutput(ended.stdout, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...ended }));
  });
}

test("shows the run, its figures and its proofs, in plain lines", async () => {
  const { code, stdout, stderr } = await demo(["--fast"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Claude is running\n(.|\n)*→ Bash (.|\n)*✓ done (.|\n)*The result is there/,
  );
  expect(stdout).toMatch(/\n {2}session +[0-9a-f-]{36}\n/);
  expect(stdout.match(/^ {2}✓ (?!done)/gm)).toHaveLength(7);
  expect(stdout).not.toMatch(/^ {2}✗ /m);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test("Ctrl-C stops the run, waits for the Job to go, and says so", async () => {
  let isSent = false;
  const { code, stdout } = await demo([], (text, kill) => {
    if (isSent || !text.includes("● claude")) return;
    isSent = true;
    kill("SIGINT");
  });
  expect(code).toBe(130);
  expect(stdout).toContain("SIGINT: cleaning up");
  expect(stdout).toContain("Stopping the Job");
  expect(stdout).not.toContain("The result is there");
});

test("a second Ctrl-C ends it at once", async () => {
  let sent = 0;
  const { code, stdout } = await demo([], (text, kill) => {
    if (sent === 0 && text.includes("● claude")) kill("SIGINT");
    else if (sent === 1 && text.includes("cleaning up")) kill("SIGINT");
    else return;
    sent += 1;
  });
  expect(code).toBe(130);
  expect(stdout).toMatch(/Stopped at once/);
});

test("an option that is not known is named on stderr", async () => {
  expect(await demo(["--sped"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "demo: Unknown option '--sped'. --help lists the options\n",
  });
});
