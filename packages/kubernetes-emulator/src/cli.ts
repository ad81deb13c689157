#!/usr/bin/env node
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { childProcessProgram } from "./child-process.ts";
import { readCliOptions, usage, type CliOptions } from "./cli-options.ts";
import { demoPrograms } from "./demo-programs.ts";
import { EmulatorError } from "./errors.ts";
import { startEmulator } from "./start-emulator.ts";
import type { Emulator } from "./types.ts";

/** Starts an emulator and keeps it until SIGINT or SIGTERM. */
async function main(options: CliOptions): Promise<void> {
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const emulator = await startEmulator({ port: options.port, tls: options.tls });
  addPrograms(emulator, options);
  const made =
    options.kubeconfig === undefined ? await mkdtemp(join(tmpdir(), "emulator-")) : undefined;
  const file = options.kubeconfig ?? join(made ?? "", "kubeconfig");
  await writeFile(file, emulator.kubeConfig, { mode: 0o600 });
  process.stdout.write(`${emulator.url}

  export KUBECONFIG=${file}
  kubectl create job hello --image=busybox --dry-run=client -o yaml -- count 5 | kubectl create -f -
  kubectl get jobs,pods
  kubectl logs -f job/hello
  kubectl get pods -w

Ctrl-C ends it.
`);
  await interrupted();
  await emulator[Symbol.asyncDispose]();
  if (made !== undefined) await rm(made, { recursive: true });
}

function addPrograms(emulator: Emulator, options: CliOptions): void {
  for (const [image, program] of demoPrograms) {
    emulator.program(image, options.programs === "child" ? childProcessProgram() : program);
  }
  for (const image of options.images) emulator.program(image, childProcessProgram());
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

try {
  await main(readCliOptions(process.argv.slice(2)));
} catch (error) {
  if (!EmulatorError.isInstance(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
