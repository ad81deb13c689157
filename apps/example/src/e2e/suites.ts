import { ExampleError } from "../errors.ts";

/** A part of what is proved on a real cluster, as it is named on the command line. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  /** Patterns of its test files, from `apps/example`. */
  readonly files: readonly string[];
  /** Only when it is asked for: it needs more than a cluster. */
  readonly isExtra?: true;
}

/** The long cases of a suite lie in `*.long.test.ts`. */
export const suites: readonly Suite[] = [
  {
    name: "facts",
    about: "what Kubernetes does, as the emulator repeats it",
    files: ["conformance/**/*.test.ts"],
  },
  {
    name: "runs",
    about: "whole runs through the adapter, with the rights of the Role alone",
    files: ["e2e/*.test.ts"],
  },
  {
    name: "log",
    about: "logs through rotations, and through faults when CLUSTER_FAULT names a command for them",
    files: ["e2e/log/*.test.ts"],
  },
  {
    name: "watch",
    about: "how a Job stands, how it ended, and how it is stopped, with times",
    files: ["e2e/watch/*.test.ts"],
  },
  {
    name: "manifest",
    about: "what is built is accepted, exact, secure, and enough with each of its rights",
    files: ["e2e/manifest/*.test.ts", "../../packages/k8s-job-manifest/test/cluster/*.test.ts"],
  },
  {
    name: "bundle",
    about: "skills, instructions and large prompts arrive, in Secrets and on a volume",
    files: ["e2e/bundle/*.test.ts"],
  },
  {
    name: "guard",
    about: "processes that race, freeze, and are shut down: one run at a time, nothing lost",
    files: ["e2e/guard/*.test.ts"],
  },
  {
    name: "cancel",
    about: "a stop in each phase of a run: acknowledged when the Job is gone, and how soon",
    files: ["e2e/cancel/*.test.ts"],
  },
  {
    name: "server",
    about:
      "only by its name: the packed adapter in the published Paperclip server, by its HTTP API",
    files: ["e2e/server/*.test.ts"],
    isExtra: true,
  },
];

/** Lists the suites, one a line. */
export function describeSuites(): string {
  const width = Math.max(...suites.map(({ name }) => name.length));
  return suites.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n");
}

/**
 * The suites of these names; without a name all that need nothing but a cluster.
 * @throws ExampleError `EXAMPLE_OPTION` that names what is no suite, and lists those that are
 */
export function chosenSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => suites.every((suite) => suite.name !== name));
  if (unknown.length > 0) {
    const came = unknown.map((name) => JSON.stringify(name)).join(", ");
    throw new ExampleError("EXAMPLE_OPTION", `no suite ${came}. There are\n${describeSuites()}`);
  }
  return suites.filter(({ name, isExtra }) =>
    names.length === 0 ? isExtra !== true : names.includes(name),
  );
}

/** Names the suites to vitest's configuration. */
export const suitesVariable = "CLAUDE_K8S_E2E_SUITES";

/** The suites that a value of `suitesVariable` names; all without one. */
export function suitesOf(value: string | undefined): readonly Suite[] {
  return chosenSuites(value === undefined || value === "" ? [] : value.split(","));
}
