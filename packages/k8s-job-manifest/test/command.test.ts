import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, property, string } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { command, literally } from "../src/command.ts";

/** What the kubelet does to commands, arguments and literal environment values. */
function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\$|\(([^)]*)\))/g, (found, kind: string, name: string | undefined) => {
    if (kind === "$") return "$";
    return (name !== undefined && variables[name]) || found;
  });
}

describe("literal text", () => {
  test.each([["$$"], ["$(X)"], ["$$(X)"], ["$$$(X)"], ["$X ${X}"], ["a$"], ["$("], ["()$$$"]])(
    "%o arrives as it is",
    (text) => {
      expect(expanded(literally(text), { X: "EXPANDED" })).toBe(text);
    },
  );

  test("arrives as it is, whatever it is", () => {
    const text = array(string({ unit: "grapheme" }).map((part) => `$(X)${part}$$`)).map((all) =>
      all.join("$"),
    );
    assert(
      property(text, (given) => {
        expect(expanded(literally(given), { X: "EXPANDED" })).toBe(given);
      }),
      { seed: 4 },
    );
  });
});

/** What a command with these needs prints, and how it ends. */
function ran(needs: readonly string[]) {
  const stdin = { files: ["/dev/null"], joined: "" };
  const [shell = "", ...args] = command(stdin, ["echo", "ran"], needs).map((part) =>
    expanded(part, { X: "EXPANDED" }),
  );
  const { stdout, stderr, status } = spawnSync(shell, args, { encoding: "utf8" });
  return [stdout, stderr, status];
}

describe("the command, run by this machine's sh", () => {
  const folder = mkdtempSync(join(tmpdir(), "job-manifest-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(inputs: readonly Uint8Array[], argv: readonly string[]) {
    const files = inputs.map((input, index) => {
      const file = join(folder, `stdin-${index}`);
      writeFileSync(file, input);
      return file;
    });
    const joined = join(folder, "joined");
    const [shell = "", ...args] = command({ files, joined }, argv).map((part) =>
      expanded(part, { X: "EXPANDED" }),
    );
    const { stdout, status, pid } = spawnSync(shell, args, { maxBuffer: 2 ** 24 });
    return { stdout, status, pid, joined };
  }

  test("hands over arguments without reading them", () => {
    const argv = ["printf", "[%s]", "$(X) $$ `id` \"'\\ \n*", "", "--", "-c", "$@"];
    const { stdout } = run([new Uint8Array()], argv);
    expect(stdout.toString()).toBe("[$(X) $$ `id` \"'\\ \n*][][--][-c][$@]");
  });

  test("hands over the input to the byte", () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    expect(new Uint8Array(run([bytes], ["cat"]).stdout)).toEqual(bytes);
  });

  test("joins an input of several pieces in their order", () => {
    const pieces = [[0, 255], [10], [1, 2, 3]].map((piece) => Uint8Array.from(piece));
    const { stdout, joined } = run(pieces, ["cat"]);
    expect([...stdout]).toEqual([0, 255, 10, 1, 2, 3]);
    expect([...readFileSync(joined)]).toEqual([...stdout]);
  });

  test("replaces the shell by the program, which so gets the signals", () => {
    const { stdout, pid } = run([new Uint8Array()], ["sh", "-c", "echo $$"]);
    expect(Number(stdout.toString())).toBe(pid);
    expect(run([new Uint8Array()], ["sh", "-c", "exit 7"]).status).toBe(7);
  });

  test("starts only when everything it needs is there, and says what is not", () => {
    const odd = join(folder, "it's $(X) $$ \\n");
    const missing = ["", `claude-k8s-run: ${odd} is not there\n`, 66];
    expect(ran([folder, odd])).toEqual(missing);
    writeFileSync(odd, "");
    expect(ran([folder, odd])).toEqual(["ran\n", "", 0]);
  });

  test("fails when a piece of the input is missing", () => {
    const files = [join(folder, "a"), join(folder, "b")];
    const [shell = "", ...args] = command({ files, joined: join(folder, "j") }, ["echo", "ran"]);
    const { stdout, status } = spawnSync(shell, args);
    expect(stdout.toString()).toBe("");
    expect(status).not.toBe(0);
  });
});
