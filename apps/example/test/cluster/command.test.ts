import { expect, test } from "vitest";
import { mustRun, runCommand } from "../../src/cluster/command.ts";

const signal = new AbortController().signal;
const script = (text: string): [string, string[]] => [process.execPath, ["--eval", text]];

test("a command's output and code", async () => {
  const [node, args] = script("console.log('out'); console.error('err'); process.exitCode = 3");
  expect(await runCommand(node, args, { signal })).toEqual({
    code: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("one that must succeed and does not: its last words are in the error", async () => {
  const [node, args] = script("console.error('no such cluster'); process.exitCode = 1");
  await expect(mustRun(node, args, { signal })).rejects.toMatchObject({
    code: "EXAMPLE_COMMAND",
    message: expect.stringContaining("no such cluster") as unknown,
  });
});

test("one that is not there is named", async () => {
  await expect(runCommand("no-such-program", [], { signal })).rejects.toThrow(
    /`no-such-program` cannot be started/,
  );
});

test("when its caller gives up it is ended, with what it started", async () => {
  const controller = new AbortController();
  const running = runCommand("sh", ["-c", "sleep 60 & wait"], { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

test("a caller that has given up starts nothing", async () => {
  const given = AbortSignal.abort(new Error("too late"));
  await expect(runCommand("no-such-program", [], { signal: given })).rejects.toThrow("too late");
});
