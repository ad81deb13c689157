import { bytes } from "../input.ts";
import { contentOf } from "../program-file.ts";
import { pieceBytes } from "../secret-pieces.ts";
import type { Preparation, Program, Sidecar } from "../program-types.ts";
import type { RunSpec } from "../types.ts";
import { checkResources } from "./resources.ts";
import { type Check, entriesOf, itemsOf, maybe, oneOf, type Rule, text, when } from "./rule.ts";
import { isBytes } from "./shape.ts";
import { absolutePath, envName, image, processText, wellFormed } from "./rules.ts";

/** Secrets live in the API server's memory and the kubelet's; a larger input belongs on a volume. */
const inputBytes = 16 * 2 ** 20;

/** Arguments and environment together; the kernel takes 2 MiB, pointers and the image's own included. */
const processBytes = 1_500_000;

/** They are part of the shell's script, which is one argument. */
const needsBytes = 16_384;

export const notEmpty: Rule = text("a program: its name or path", (value) => value.trim() !== "");
const content = {
  says: wellFormed.says,
  holds: (value: unknown) => isBytes(value) || wellFormed.holds(value),
};

export function checkProgram(check: Check, spec: RunSpec): void {
  const { program } = spec;
  const at = "program";
  check(`${at}.argv[0]`, program.argv[0], notEmpty);
  checkProcess(check, at, program);
  check(`${at}.stdin`, program.stdin, maybe(content), "(not shown)");
  check(`${at}.workingDir`, program.workingDir, maybe(absolutePath));
  for (const { item, path } of itemsOf(`${at}.needs`, program.needs))
    check(path, item, absolutePath);
  const needed = sum(program.needs ?? []);
  check(
    `${at}.needs`,
    0,
    when(needed <= needsBytes, `at most ${needsBytes} bytes of paths`),
    `${needed} bytes`,
  );
  for (const [path, file] of entriesOf(program.files)) {
    const given = contentOf(file);
    const size = lengthOf(given);
    check(`${at}.files["${path}"]`, given, content, "(not shown)");
    const rule = when(size <= pieceBytes, `at most ${pieceBytes} bytes; more belongs on a volume`);
    check(`${at}.files["${path}"]`, given, rule, `${size} bytes`);
  }
  const sizes = sizesOf(spec);
  check(
    at,
    0,
    when(sizes.secret <= inputBytes, `at most ${inputBytes} bytes of stdin, files and secretEnv`),
    `${sizes.secret} bytes`,
  );
  check(
    at,
    0,
    when(
      sizes.process <= processBytes,
      `at most ${processBytes} bytes of arguments and environment`,
    ),
    `${sizes.process} bytes`,
  );
}

/** What program, sidecars and preparations have in common. */
export function checkProcess(
  check: Check,
  at: string,
  given: Program | Sidecar | Preparation,
): void {
  check(`${at}.image`, given.image, image);
  check(
    `${at}.imagePullPolicy`,
    given.imagePullPolicy,
    maybe(oneOf("Always", "IfNotPresent", "Never")),
  );
  for (const { item, path } of itemsOf(`${at}.argv`, given.argv)) check(path, item, processText);
  for (const [name, value] of entriesOf(given.env)) {
    check(`${at}.env["${name}"]`, name, envName);
    check(`${at}.env["${name}"]`, value, processText);
  }
  for (const [name, value] of entriesOf(given.secretEnv)) {
    check(`${at}.secretEnv["${name}"]`, name, envName);
    check(`${at}.secretEnv["${name}"]`, value, processText, "(not shown)");
  }
  checkReferences(check, at, given);
  checkResources(check, `${at}.resources`, given.resources);
}

function checkReferences(check: Check, at: string, given: Program | Sidecar | Preparation): void {
  if (!("envFrom" in given)) return;
  for (const { item, path } of itemsOf(`${at}.envFrom.vars`, given.envFrom?.vars)) {
    check(`${path}.name`, item.name, envName);
    const isOne = item.valueFrom === undefined || Object.keys(item.valueFrom).length === 1;
    check(`${path}.valueFrom`, item.valueFrom, when(isOne, "a reference to one thing"));
    check(
      `${path}.value`,
      item.value,
      when(item.value === undefined, "in env, if it is a literal"),
    );
  }
  for (const { item, path } of itemsOf(`${at}.envFrom.sources`, given.envFrom?.sources)) {
    const isOne = (item.secretRef === undefined) !== (item.configMapRef === undefined);
    check(path, item, when(isOne, "a secretRef or a configMapRef"));
    check(`${path}.prefix`, item.prefix, maybe(envName));
  }
}

function sizesOf({ program, sidecars = [], preparations = [] }: RunSpec): {
  secret: number;
  process: number;
} {
  const { stdin, files = {}, secretEnv = {}, env = {}, argv } = program;
  const hidden = [...sidecars, ...preparations].flatMap(({ secretEnv: own = {} }) =>
    Object.values(own),
  );
  const variables = [...Object.entries(env), ...Object.entries(secretEnv)].flat();
  return {
    secret: sum([
      stdin,
      ...Object.values(files).map(contentOf),
      ...Object.values(secretEnv),
      ...hidden,
    ]),
    process: sum([...argv, ...variables]),
  };
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + lengthOf(value), 0);
}

function lengthOf(value: unknown): number {
  return typeof value === "string" || isBytes(value) ? bytes(value).length : 0;
}
