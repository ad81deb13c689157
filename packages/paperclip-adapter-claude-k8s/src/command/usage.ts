import {
  commonOptions,
  optionsOf,
  type OptionSpec,
  type SubcommandName,
  subcommands,
} from "./options.ts";

const exitCodes = `Exit codes
  0    done, and all is well
  1    done, and not all is well: a check failed, a stop is not verified, an adopted run failed,
       something could not be removed, a log is not whole
  2    the command line or the kubeconfig is wrong
  3    no such run, or more than one
  4    the run is not free: a server follows it, or it is being stopped
  5    the cluster could not be asked: no connection, or a right is missing
  70   a fault of this program
  130  ended by Ctrl-C (143: by SIGTERM, 141: by a pipe that was closed)
`;

/** What \`claude-k8s --help\` prints, or, for a subcommand, its own help. */
export function usage(name?: SubcommandName): string {
  return name === undefined ? overview() : ofSubcommand(name);
}

function overview(): string {
  const names = Object.entries(subcommands).map(
    ([name, { takesRun, about }]) => [takesRun ? `${name} RUN` : name, about] as const,
  );
  return `claude-k8s: look after the runs of the Paperclip adapter claude_k8s

Usage: claude-k8s COMMAND [OPTIONS]

${table(names)}

RUN is a run's id, the beginning of one (4 characters or more), or the name of its Job.

Options of every command
${table(optionRows(commonOptions))}
      --version              print the version
claude-k8s COMMAND --help lists the others.

${exitCodes}`;
}

function ofSubcommand(name: SubcommandName): string {
  const { takesRun, about, more } = subcommands[name];
  return `claude-k8s ${name}${takesRun ? " RUN" : ""}: ${about}
${takesRun ? "\nRUN is a run's id, the beginning of one (4 characters or more), or the name of its Job.\n" : ""}
${table(optionRows(optionsOf(name)))}

${more}

${exitCodes}`;
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, about }]) => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [`${short === undefined ? "   " : `-${short},`} ${long}`, about] as const;
  });
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([left, right]) => `  ${left.padEnd(24)} ${right}`).join("\n");
}
