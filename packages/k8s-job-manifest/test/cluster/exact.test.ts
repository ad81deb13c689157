import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program, RunSpec } from "../../src/index.ts";
import {
  type Apis,
  ended,
  image,
  kubeconfig,
  namespace,
  restrictedNamespace,
  shells,
  start,
} from "./cluster.ts";

const nasty = "$$ $(X) $$(X) $X ${X} `id` \"q\" 'q' \\ \n\ttab é € 😀 -n %s *";

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256);
}

const inputs: readonly [what: string, stdin: Uint8Array | string][] = [
  ["no-byte", ""],
  ["one-byte", "x"],
  ["dollars", "$$"],
  ["reference", "$(X)"],
  ["quotes", "'\"`\\"],
  ["nul", Uint8Array.of(0, 1, 0)],
  ["invalid-utf8", Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x80)],
  ["127-kib", pattern(127 * 1024)],
  ["129-kib", pattern(129 * 1024)],
  ["3-mib", pattern(3 * 2 ** 20)],
];

/** How a shell says it; each has its own way. */
const sayings: Readonly<Record<string, RegExp>> = {
  dash: /^claude-k8s-run: 1: exec: nowhere-to-be-found: not found/,
  busybox: /^claude-k8s-run: exec: line 0: nowhere-to-be-found: not found/,
};

function sumOf(content: Uint8Array | string): string {
  return `${createHash("sha256").update(content).digest("hex")}  -\n`;
}

let cluster: Awaited<ReturnType<typeof restrictedNamespace>>;

describe.skipIf(kubeconfig === undefined)(
  "on a cluster, in a restricted namespace",
  { timeout: 180_000 },
  () => {
    beforeAll(async () => {
      cluster = await restrictedNamespace(kubeconfig ?? "");
    }, 120_000);
    afterAll(() => cluster[Symbol.asyncDispose](), 180_000);

    describe.each(shells)("with $shell", ({ shell, folder }) => {
      // `sh` is looked up on the container's own PATH.
      const env = folder === undefined ? {} : { PATH: `${folder}:/usr/local/bin:/usr/bin:/bin` };
      const run = (name: string, program: Omit<Program, "image">): Promise<string> =>
        printed(cluster, `${name}-${shell}`, {
          ...program,
          image,
          env: { ...env, ...program.env },
        });

      test("it is this shell that opens the input, and it names a program that is not there", async () => {
        const name = `absent-${shell}`;
        await start(cluster, spec(name, { image, argv: ["nowhere-to-be-found"], env }));
        const { log, exitCode } = await ended(cluster, name);
        expect(exitCode).toBe(127);
        expect(log).toMatch(sayings[shell] ?? /^claude-k8s-run: .*nowhere-to-be-found: not found/);
      });

      test("every input arrives at the program's stdin to the byte", async () => {
        const sums = await Promise.all(
          inputs.map(async ([what, stdin]) => {
            const program = { argv: ["sha256sum"], stdin, readOnlyRoot: true };
            return [what, await run(what, program)] as const;
          }),
        );
        expect(sums).toEqual(inputs.map(([what, stdin]) => [what, sumOf(stdin)]));
      });

      test("arguments, variables and files are what was given", async () => {
        const big = "e".repeat(130_000);
        const [argv, env, long] = await Promise.all([
          run("argv", {
            argv: ["printf", "[%s]", nasty, "", "--", "-c"],
            env: { X: "EXPANDED" },
          }),
          run("env", {
            argv: ["sh", "-c", 'printf "%s|%s|%s|" "$A" "$S" "$PWD"; cat /home/agent/deep/file'],
            env: { X: "EXPANDED", A: nasty },
            secretEnv: { S: nasty },
            files: { "/home/agent/deep/file": nasty, "/etc/other": Uint8Array.of(1) },
            workingDir: "/tmp",
          }),
          run("long", {
            argv: ["sh", "-c", 'printf %s "$BIG" | sha256sum'],
            secretEnv: { BIG: big },
          }),
        ]);
        expect(argv).toBe(`[${nasty}][][--][-c]`);
        expect(env).toBe(`${nasty}|${nasty}|/tmp|${nasty}`);
        expect(long).toBe(sumOf(big));
      });

      test("the program gets SIGTERM when its time is over, and its log and exit code stay", async () => {
        const script =
          "trap 'echo got SIGTERM; exit 143' TERM; echo ready; while :; do sleep 0.2; done";
        const name = `term-${shell}`;
        const given = spec(name, { image, argv: ["sh", "-c", script], env });
        await start(cluster, { ...given, life: { runLimitSeconds: 3 } });
        expect(await ended(cluster, name)).toEqual({
          type: "Failed",
          log: "ready\ngot SIGTERM\n",
          reason: "DeadlineExceeded",
          exitCode: 143,
        });
      });
    });

    test("a sidecar starts before the program and does not outlive it", async () => {
      const given = spec("sidecar", { image, argv: ["cat", "/shared/hello"] });
      await start(cluster, {
        ...given,
        volumes: [
          {
            name: "shared",
            source: { emptyDir: {} },
            mounts: [{ path: "/shared", readOnly: true }],
          },
        ],
        sidecars: [
          {
            name: "beside",
            image,
            argv: [
              "sh",
              "-c",
              'printf "%s" "$WORD" > /out/hello; trap "exit 0" TERM; while :; do sleep 0.2; done',
            ],
            secretEnv: { WORD: "$(hello)" },
            mounts: [{ volume: "shared", path: "/out" }],
            startupProbe: { exec: { command: ["test", "-s", "/out/hello"] }, periodSeconds: 1 },
            readOnlyRoot: true,
          },
        ],
      });
      expect(await ended(cluster, "sidecar")).toMatchObject({ type: "Complete", log: "$(hello)" });
    });
  },
);

function spec(name: string, program: Program): RunSpec {
  const resources = {
    requests: { cpu: "10m", memory: "16Mi" },
    limits: { cpu: "500m", memory: "64Mi" },
  };
  return {
    name,
    namespace,
    labels: { "job-manifest-test": name },
    program: { ...program, imagePullPolicy: "IfNotPresent", resources },
  };
}

async function printed(apis: Apis, name: string, program: Program): Promise<string> {
  await start(apis, spec(name, program));
  const { type, log } = await ended(apis, name);
  return type === "Complete" ? log : `${type}: ${log}`;
}
