import { readFileSync } from "node:fs";
import { parsed } from "../json.ts";

/** Names the file with the cluster that the tests shall use; unset, they run on the emulator. */
export const handOverVariable = "CLAUDE_K8S_E2E";

/** What the suite's process tells the tests about the real cluster. */
export interface HandOver {
  /** A kubeconfig that needs no other file. */
  readonly kubeConfig: string;
  /** Image with `sh`, and `claude` as the replay. */
  readonly image: string;
  /** Folders in the image whose `sh` is that shell, by its name; none of an image that was not made here. */
  readonly shells: Readonly<Record<string, string>>;
  /** Namespaces with this mark are removed at the end, however it comes. */
  readonly mark: string;
}

/** The cluster that was handed over; `undefined` when the tests run by themselves. */
export function handOver(): HandOver | undefined {
  const file = process.env[handOverVariable];
  return file === undefined ? undefined : parsed<HandOver>(readFileSync(file, "utf8"));
}
