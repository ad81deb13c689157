import { spawn } from "node:child_process";

/** Does something to the cluster, for some seconds if it lasts; settles when it is over. */
export type ClusterFault = (name: string, seconds?: number) => Promise<void>;

/** The command that `$CLUSTER_FAULT` names: `COMMAND kubelet-restart`, `COMMAND apiserver-down SECONDS`. */
export function clusterFault(): ClusterFault | undefined {
  const command = process.env["CLUSTER_FAULT"];
  if (command === undefined || command === "") return undefined;
  const running = new Map<string, Promise<void>>();
  // One fault serves all that need it at the same time.
  return (name, seconds) => {
    const args = seconds === undefined ? [name] : [name, String(seconds)];
    const made = running.get(name) ?? run(command, args).finally(() => void running.delete(name));
    running.set(name, made);
    return made;
  };
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")}: code ${code}`)),
    );
  });
}
