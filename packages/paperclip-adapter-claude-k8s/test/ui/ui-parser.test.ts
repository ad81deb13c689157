import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import type { TranscriptEntry } from "@paperclipai/adapter-utils";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import config from "../../tsup.ui-parser.config.ts";

type Parse = (line: string, ts: string) => TranscriptEntry[];
const ts = "2026-11-25T12:00:00.000Z";

let folder = "";
let source = "";
let parse: Parse;

/** The file that is published, built by its own configuration. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ui-parser-"));
  if (typeof config === "function" || Array.isArray(config))
    throw new Error("one configuration is expected");
  await build({ ...config, config: false, outDir: folder, silent: true });
  source = await readFile(join(folder, "ui-parser.cjs"), "utf8");
  parse = evaluate(source);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * As the host's UI does: in a realm without Node, network, modules and timers, as the text of a function whose
 * `self` and `globalThis` are undefined, in a strict block. Answers cross a `postMessage`.
 */
function evaluate(text: string): Parse {
  const realm = createContext({});
  const wrapped = `"use strict";\n{\n${text}\n}`;
  const factory = `new Function("exports", "module", "self", "globalThis", ${JSON.stringify(wrapped)})`;
  const loaded: unknown = runInContext(
    `(() => { const exports = {}; const module = { exports };
      (${factory})(exports, module, undefined, undefined);
      const resolved = Object.keys(module.exports).length > 0 ? module.exports : exports;
      return resolved.parseStdoutLine; })()`,
    realm,
  );
  if (typeof loaded !== "function") throw new Error("no parseStdoutLine");
  return (line, at) =>
    structuredClone(Reflect.apply(loaded, undefined, [line, at]) as TranscriptEntry[]);
}

const event = (value: object): string => JSON.stringify(value);

describe("the built file", () => {
  test("has no import, no require and no word of a global that the host takes away", () => {
    expect(source).not.toMatch(/^\s*import\s|^\s*export\s|\brequire\(|\bimport\(/m);
    expect(source).not.toMatch(/\b(globalThis|self|process|Buffer|fetch|Worker|setTimeout)\b[.([]/);
  });

  test("is smaller than a tenth of a megabyte", () => {
    expect(source.length).toBeLessThan(100_000);
  });
});

describe("a line as the host shows it", () => {
  test.for<[string, string, readonly object[]]>([
    [
      "init",
      event({ type: "system", subtype: "init", model: "claude-opus-5", session_id: "s-1" }),
      [{ kind: "init", model: "claude-opus-5", sessionId: "s-1" }],
    ],
    [
      "text and thinking",
      event({
        type: "assistant",
        message: {
          content: [
            { type: "thinking", thinking: "hm" },
            { type: "text", text: "Hi" },
          ],
        },
      }),
      [
        { kind: "thinking", text: "hm" },
        { kind: "assistant", text: "Hi" },
      ],
    ],
    [
      "a tool call",
      event({
        type: "assistant",
        message: {
          content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } }],
        },
      }),
      [{ kind: "tool_call", name: "Bash", toolUseId: "t1", input: { command: "ls" } }],
    ],
    [
      "a tool's answer of several blocks",
      event({
        type: "user",
        message: {
          content: [
            {
              type: "tool_result",
              tool_use_id: "t1",
              is_error: true,
              content: [
                { type: "text", text: "a" },
                { type: "image", source: { data: "AAAA" } },
              ],
            },
          ],
        },
      }),
      [{ kind: "tool_result", toolUseId: "t1", isError: true, content: "a\n[image]" }],
    ],
    [
      "a result",
      event({
        type: "result",
        subtype: "success",
        is_error: false,
        result: "Done",
        total_cost_usd: 0.5,
        usage: { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5 },
      }),
      [
        {
          kind: "result",
          text: "Done",
          subtype: "success",
          isError: false,
          costUsd: 0.5,
          inputTokens: 3,
          outputTokens: 4,
          cachedTokens: 5,
          errors: [],
        },
      ],
    ],
    [
      "a rate limit",
      event({
        type: "rate_limit_event",
        rate_limit_info: { status: "rejected", rateLimitType: "five_hour" },
      }),
      [{ kind: "system", text: expect.stringContaining("five_hour") }],
    ],
    ["plain text", "npm warn deprecated", [{ kind: "stdout", text: "npm warn deprecated" }]],
    ["broken JSON", '{"type":"assist', [{ kind: "stdout", text: '{"type":"assist' }]],
    [
      "a word of the adapter",
      "[paperclip] Skills bundled (0): none",
      [{ kind: "system", text: "Skills bundled (0): none" }],
    ],
    ["nothing", "  ", []],
    [
      "part of a message",
      event({ type: "stream_event", event: { type: "content_block_delta", delta: { text: "x" } } }),
      [],
    ],
    ["a type of tomorrow", event({ type: "quantum_state", spin: 1 }), []],
  ])("%s", ([, line, entries]) => {
    expect(parse(line, ts)).toEqual(entries.map((entry) => ({ ...entry, ts })));
  });
});

/** Lines of real runs: this repository's own, and those that lie beside the checkout. */
function recordedLines(): string[] {
  const own = globSync(`${import.meta.dirname}/../../../claude-stream-parse/test/fixtures/*.jsonl`);
  const folderBeside = `${import.meta.dirname}/../../../../../shared/corpus`;
  const beside = existsSync(folderBeside) ? globSync(`${folderBeside}/*.jsonl*`) : [];
  return [...own, ...beside].flatMap((file) => {
    const bytes = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString().split("\n");
  });
}

describe("over recorded runs", () => {
  const lines = recordedLines();

  test("every line is answered, and nothing is kept from one to the next", () => {
    expect(lines.length).toBeGreaterThan(10);
    const inOrder = lines.map((line) => parse(line, ts));
    const again = evaluate(source);
    const backwards = lines
      .toReversed()
      .map((line) => again(line, ts))
      .toReversed();
    expect(backwards).toEqual(inOrder);
    const kinds = new Set(inOrder.flat().map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(["init", "assistant", "result"]));
  });
});
