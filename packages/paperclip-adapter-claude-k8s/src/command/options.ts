/** What can be said of an option: how it is read, and how it is told of. */
export interface OptionSpec {
  readonly short?: string;
  /** The name of its value in the help; absent: it takes none. */
  readonly value?: string;
  readonly about: string;
}

export type SubcommandName = "list" | "logs" | "stop" | "adopt" | "sweep" | "doctor";

interface Subcommand {
  readonly takesRun: boolean;
  readonly about: string;
  /** What else must be known before it is used. */
  readonly more: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

/** Options of every subcommand. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  kubeconfig: {
    value: "FILE",
    about: "kubeconfig; else $KUBECONFIG, ~/.kube/config, or the pod's own",
  },
  context: { value: "NAME", about: "context of the kubeconfig; else its current one" },
  namespace: { short: "n", value: "NAME", about: "namespace of the runs; else the context's" },
  help: { short: "h", about: "this text" },
};

const everywhere: OptionSpec = { short: "A", about: "look in all namespaces" };
const json: OptionSpec = { about: "JSON on stdout, for programs" };

/** Every subcommand: what it takes, and what it is for. */
export const subcommands: Readonly<Record<SubcommandName, Subcommand>> = {
  list: {
    takesRun: false,
    about: "every run: how it stands, who follows it, how old it is",
    more: "Whether a supervisor lives shows only with time: without --observe its last renewal is told.",
    options: {
      "all-namespaces": everywhere,
      json,
      observe: {
        about: "watch the supervisors' Leases until each is proved live or stale (up to 40 s)",
      },
      wide: { short: "w", about: "whole ids, and Job, pod and node" },
    },
  },
  logs: {
    takesRun: true,
    about: "what the program of a run has printed, every line once",
    more: "The log goes to stdout as it is, everything else to stderr.",
    options: {
      "all-namespaces": everywhere,
      follow: { short: "f", about: "wait for the start, and go on to the proven end" },
      transcript: { short: "t", about: "for reading: text, tools and results in place of JSON" },
    },
  },
  stop: {
    takesRun: true,
    about: "end a run, and verify that its Job and pods are gone",
    more: "A run that a server follows is better stopped there: here it ends as deleted from outside.",
    options: {
      "all-namespaces": everywhere,
      json,
      timeout: {
        value: "SECONDS",
        about: "how long to verify; else the pod's grace and 30 s more",
      },
    },
  },
  adopt: {
    takesRun: true,
    about: "follow a run that nobody supervises to its end, and print its result",
    more: "The result is then collected: the server will not read it again. Ctrl-C gives the run back.",
    options: {
      "all-namespaces": everywhere,
      json,
      transcript: { short: "t", about: "show what the program does, on stderr" },
    },
  },
  sweep: {
    takesRun: false,
    about: "remove what nobody comes back for, as servers do every 10 minutes",
    more: "Ages are like 90s, 15m, 24h, 2d. Runs that go on are never removed without --running.",
    options: {
      "all-namespaces": everywhere,
      json,
      "dry-run": { about: "tell what would be done, and change nothing" },
      unread: { value: "AGE", about: "remove results that nobody read for so long (default 24h)" },
      running: {
        value: "AGE",
        about: "remove runs as old as this that nobody follows (default: never)",
      },
    },
  },
  doctor: {
    takesRun: false,
    about: "what keeps runs from working in a namespace, and what to do about it",
    more: "Rights are those of the kubeconfig's account; --as asks for the server's.",
    options: {
      json,
      as: {
        value: "USER",
        about: "look as this user, such as system:serviceaccount:NAMESPACE:NAME",
      },
    },
  },
};

/** Its own options and those of all. */
export function optionsOf(name: SubcommandName): Readonly<Record<string, OptionSpec>> {
  return { ...subcommands[name].options, ...commonOptions };
}
