import { ExampleError } from "../errors.ts";
import { readOptions } from "../terminal/read-options.ts";

export interface DemoOptions {
  readonly help: boolean;
  /** On a real cluster instead of the emulator. */
  readonly cluster: boolean;
  /** Image of the replaying `claude` that the cluster has or can pull. */
  readonly image: string | undefined;
  /** Node image for kind. */
  readonly kindImage: string | undefined;
  /** Times the recorded speed; `Infinity` leaves the pauses out. */
  readonly speed: number;
}

export const usage: string = `Shows one run of a coding agent as a Kubernetes Job, with a recorded session of the claude command.

  demo [--cluster] [--image NAME] [--kind-image NAME] [--speed N | --fast]

  --cluster          on the cluster of $KUBECONFIG, or on a kind cluster that it makes and removes;
                     without it on the embedded emulator
  --image NAME       image of the replaying claude that the cluster has or can pull; built otherwise
  --kind-image NAME  node image for kind (or $KIND_NODE_IMAGE); kind's own default otherwise
  --speed N          N times as quick as it was recorded
  --fast             without the recorded pauses
  --help             this`;

const known = {
  help: { type: "boolean", short: "h" },
  cluster: { type: "boolean" },
  image: { type: "string" },
  "kind-image": { type: "string" },
  speed: { type: "string" },
  fast: { type: "boolean" },
} as const;

/** @throws ExampleError `EXAMPLE_OPTION` that names the option */
export function demoOptions(args: readonly string[]): DemoOptions {
  const values = readOptions(args, known);
  if (values.fast === true && values.speed !== undefined)
    throw new ExampleError("EXAMPLE_OPTION", "--speed and --fast cannot be used together");
  return {
    help: values.help === true,
    cluster: values.cluster === true,
    image: values.image,
    kindImage: values["kind-image"],
    speed: values.fast === true ? Infinity : speedOf(values.speed),
  };
}

function speedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new ExampleError("EXAMPLE_OPTION", `--speed must be a number above 0, not "${text}"`);
}
