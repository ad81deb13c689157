import { parseArgs } from "node:util";

import { EmulatorError } from "./errors.ts";

export const usage: string = `kubernetes-emulator: a Kubernetes API server in one process

  --port N            TCP port on 127.0.0.1 (default: a free one)
  --tls               HTTPS with a certificate authority of its own
  --kubeconfig FILE   where to write the kubeconfig (default: a file in a temporary directory)
  --programs KIND     what containers run: "demo" (default), small programs in this process under the
                      images busybox, echo and sleep; or "child", real child processes of this machine
                      under those images and any --image
  --image NAME        one more image that runs child processes, with --programs child; may be repeated
  --help              this text
`;

/** The command line, read. */
export interface CliOptions {
  readonly port: number;
  readonly tls: boolean;
  readonly kubeconfig: string | undefined;
  readonly programs: "demo" | "child";
  readonly images: readonly string[];
  readonly help: boolean;
}

/** Throws `EMULATOR_OPTION_INVALID` for what it does not understand. */
export function readCliOptions(args: readonly string[]): CliOptions {
  const { values } = parseArguments(args);
  const { programs = "demo", port = "0" } = values;
  if (programs !== "demo" && programs !== "child") {
    throw wrong(`--programs: expected "demo" or "child", got "${programs}"`);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw wrong(`--port: expected a number from 0 to 65535, got "${port}"`);
  }
  return {
    port: Number(port),
    tls: values.tls ?? false,
    kubeconfig: values.kubeconfig,
    programs,
    images: values.image ?? [],
    help: values.help ?? false,
  };
}

interface Values {
  readonly port?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly kubeconfig?: string | undefined;
  readonly programs?: string | undefined;
  readonly image?: string[] | undefined;
  readonly help?: boolean | undefined;
}

function parseArguments(args: readonly string[]): { readonly values: Values } {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        tls: { type: "boolean" },
        kubeconfig: { type: "string" },
        programs: { type: "string" },
        image: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw wrong(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function wrong(message: string): EmulatorError {
  return new EmulatorError("EMULATOR_OPTION_INVALID", message);
}
