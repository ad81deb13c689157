// `pnpm e2e`: the first line says which cluster, the last one `N passed, N failed`.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provideImage } from "../cluster/image.ts";
import { openCluster, type OpenCluster } from "../cluster/open-cluster.ts";
import { ExampleError } from "../errors.ts";
import { interruptedCode, interruptible } from "../terminal/interrupt.ts";
import { type HandOver, handOverVariable } from "./hand-over.ts";
import { type SuiteOptions, suiteOptions, usage } from "./options.ts";
import { packageTests } from "./package-tests.ts";
import { suitesVariable } from "./suites.ts";
import { listTests, runTests, type Tally } from "./vitest.ts";

const print = (text: string): void => console.log(text);

async function main(args: readonly string[]): Promise<number> {
  const options = suiteOptions(args);
  if (options.help) {
    print(usage);
    return 0;
  }
  let open: OpenCluster | undefined;
  using interrupt = interruptible({ say: print, leftBehind: () => open?.remains });
  const { signal } = interrupt;
  let tally: Tally = { passed: 0, failed: 1, skipped: 0 };
  try {
    open = await openCluster({
      purpose: "e2e",
      kindImage: options.kindImage ?? process.env["KIND_NODE_IMAGE"],
      onChosen: (title) => print(`e2e on ${title}`),
      signal,
    });
    tally = await suite(open, options, signal);
  } catch (error) {
    if (!signal.aborted) {
      if (!ExampleError.isInstance(error)) throw error;
      print(`e2e: ${error.message}`);
      if (open === undefined) tally = await notProved(options);
    }
  } finally {
    tally = await closed(open, tally);
  }
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  print(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
  if (signal.aborted) return interruptedCode;
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

async function suite(
  open: OpenCluster,
  options: SuiteOptions,
  signal: AbortSignal,
): Promise<Tally> {
  const image = await provideImage(open, { image: options.image, say: print, signal });
  print(`suites: ${options.suites.map(({ name }) => name).join(", ")}`);
  const folder = await mkdtemp(join(tmpdir(), "claude-k8s-e2e-"));
  try {
    const file = join(folder, "cluster.json");
    const { kubeConfig, mark } = open;
    const handOver: HandOver = { kubeConfig, mark, image: image.name, shells: image.shells };
    await writeFile(file, JSON.stringify(handOver), { mode: 0o600 });
    const env = {
      [handOverVariable]: file,
      [suitesVariable]: options.suites.map(({ name }) => name).join(","),
      ...(await packageTests(folder, handOver)),
      ...(options.long ? { CLAUDE_K8S_E2E_LONG: "1" } : {}),
    };
    return await runTests({ env, only: options.only, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What could be proved on a cluster, and was not. */
async function notProved(options: SuiteOptions): Promise<Tally> {
  const names = await listTests(options.suites, AbortSignal.timeout(60_000));
  print(`Not proved on a real cluster:\n${names.map((name) => `  - ${name}`).join("\n")}`);
  return { passed: 0, failed: 0, skipped: names.length };
}

/** Removes what was made. What stays in a cluster is a failure of its own. */
async function closed(open: OpenCluster | undefined, tally: Tally): Promise<Tally> {
  if (open === undefined) return tally;
  const left = await open.close();
  if (left.length === 0) return tally;
  print(`still there: ${left.join(", ")}`);
  return { ...tally, failed: tally.failed + left.length };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!ExampleError.isInstance(error)) throw error;
  console.error(`e2e: ${error.message}`);
  process.exitCode = 2;
}
