import { readCommandLine } from "../terminal/read-options.ts";
import { chosenSuites, describeSuites, type Suite } from "./suites.ts";

export interface SuiteOptions {
  readonly help: boolean;
  readonly image: string | undefined;
  readonly kindImage: string | undefined;
  readonly long: boolean;
  /** Only tests whose name holds this. */
  readonly only: string | undefined;
  /** What to prove, in the order of the list. */
  readonly suites: readonly Suite[];
}

export const usage: string = `Proves on a real cluster what the emulator can only repeat: the facts and whole runs.

  e2e [SUITE ...] [--image NAME] [--kind-image NAME] [--long] [--only TEXT]

  Without a SUITE all of them, but for those that say otherwise:
${describeSuites()}

  On the cluster of $KUBECONFIG, or on a kind cluster that it makes and removes.

  --image NAME       image of the replaying claude that the cluster has or can pull; built otherwise
  --kind-image NAME  node image for kind (or $KIND_NODE_IMAGE); kind's own default otherwise
  --long             with the cases that take minutes
  --only TEXT        only tests whose name holds TEXT
  --help             this`;

const known = {
  help: { type: "boolean", short: "h" },
  image: { type: "string" },
  "kind-image": { type: "string" },
  long: { type: "boolean" },
  only: { type: "string" },
} as const;

/** @throws ExampleError `EXAMPLE_OPTION` that names the option or the suite */
export function suiteOptions(args: readonly string[]): SuiteOptions {
  const { values, positionals } = readCommandLine(args, known);
  return {
    help: values.help === true,
    image: values.image,
    kindImage: values["kind-image"],
    long: values.long === true,
    only: values.only,
    suites: chosenSuites(positionals),
  };
}
