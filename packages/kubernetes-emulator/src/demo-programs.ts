import type { Program } from "./types.ts";

/** Small programs by image, for trying out the emulator by hand. */
export const demoPrograms: ReadonlyMap<string, Program> = new Map([
  ["busybox", runByName],
  ["echo", echo],
  ["sleep", sleep],
]);

/** `echo`, `sleep`, `cat`, `count`, `true` or `false`, by the command's first word. */
async function runByName(context: Parameters<Program>[0]): Promise<number> {
  const name = context.argv[0] ?? "true";
  const program = new Map<string, Program>([
    ["echo", echo],
    ["sleep", sleep],
    ["cat", cat],
    ["count", count],
    ["true", async () => 0],
    ["false", async () => 1],
  ]).get(name);
  if (program !== undefined) return program(context);
  context.stderr.write(
    `${name}: not one of the demo programs echo, sleep, cat, count, true, false\n`,
  );
  return 127;
}

async function echo({ argv, stdout }: Parameters<Program>[0]): Promise<number> {
  stdout.write(`${argv.slice(1).join(" ")}\n`);
  return 0;
}

async function sleep(context: Parameters<Program>[0]): Promise<number> {
  await context.sleep(Number(context.argv[1] ?? "60") * 1000);
  return 0;
}

async function cat(context: Parameters<Program>[0]): Promise<number> {
  for (const path of context.argv.slice(1)) context.stdout.write(await context.readFile(path));
  for await (const chunk of context.stdin) context.stdout.write(chunk);
  return 0;
}

/** `count N`: a line a second. */
async function count(context: Parameters<Program>[0]): Promise<number> {
  const last = Number(context.argv[1] ?? "10");
  for (let number = 1; number <= last; number += 1) {
    context.stdout.write(`${number}\n`);
    if (number < last) await context.sleep(1000);
  }
  return 0;
}
