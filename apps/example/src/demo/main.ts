// `pnpm demo`: one run of a coding agent as a Kubernetes Job, as it happens. Fails when what it shows is not true.
import { recordingsFolder } from "../folders.ts";
import { openCluster, type OpenCluster } from "../cluster/open-cluster.ts";
import { ExampleError } from "../errors.ts";
import { findRecording } from "../replay/recordings-folder.ts";
import { interruptedCode, interruptible } from "../terminal/interrupt.ts";
import { type Screen, screenOn } from "../terminal/screen.ts";
import { clusterPlace } from "./cluster-place.ts";
import { emulatedPlace } from "./emulated-place.ts";
import { type DemoOptions, demoOptions, usage } from "./options.ts";
import type { Place } from "./place.ts";
import { demoRecording, runDemo } from "./run-demo.ts";

async function main(args: readonly string[]): Promise<number> {
  const screen = screenOn(process.stdout, process.env);
  const options = demoOptions(args);
  if (options.help) {
    screen.line(usage);
    return 0;
  }
  const made: Made = { open: undefined, place: undefined };
  using interrupt = interruptible({
    say: (text) => screen.line(text),
    leftBehind: () => made.open?.remains,
  });
  const { signal } = interrupt;
  let isTrue = false;
  try {
    const place = await prepare(options, made, { screen, signal });
    const recording = await findRecording(recordingsFolder, demoRecording);
    screen.line(
      `${screen.bold("One run of a coding agent as a Kubernetes Job")}, on ${place.title}`,
    );
    screen.line(screen.dim(`${recording.about.about}. Recorded with ${recording.about.program}.`));
    screen.line();
    isTrue = await runDemo({ place, recording, speed: options.speed, screen, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    isTrue = (await closed(made, screen)) && isTrue;
  }
  if (signal.aborted) return interruptedCode;
  return isTrue ? 0 : 1;
}

/** What must be removed at the end, however it comes. */
interface Made {
  open: OpenCluster | undefined;
  place: Place | undefined;
}

async function prepare(
  options: DemoOptions,
  made: Made,
  { screen, signal }: { readonly screen: Screen; readonly signal: AbortSignal },
): Promise<Place> {
  if (!options.cluster) {
    made.place = await emulatedPlace();
    return made.place;
  }
  const say = (text: string): void => screen.line(screen.dim(text));
  made.open = await openCluster({
    purpose: "demo",
    kindImage: options.kindImage ?? process.env["KIND_NODE_IMAGE"],
    onChosen: (title) => say(`On ${title}`),
    signal,
  });
  made.place = await clusterPlace(made.open, options.image, { say, signal });
  return made.place;
}

async function closed({ open, place }: Made, screen: Screen): Promise<boolean> {
  const left = (await place?.close()) ?? (await open?.close()) ?? [];
  if (left.length > 0) screen.line(screen.bad(`still there: ${left.join(", ")}`));
  return left.length === 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!ExampleError.isInstance(error)) throw error;
  console.error(`demo: ${error.message}`);
  process.exitCode = 2;
}
