// Follows one log into a file, so that it can be killed at any moment and go on in another process. Arguments: a
// kubeconfig file, namespace, pod, and the folder for `lines` and `cursor`. Exits with 0 at a verified end.
import { kubeHttp } from "@claude-k8s/kube-http";
import {
  followLog,
  kubeLogSource,
  type LogCursor,
  parseCursor,
  podContainerState,
} from "@claude-k8s/log-stream";
import {
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";

const [kubeConfig = "", namespace = "", pod = "", folder = ""] = process.argv.slice(2);
const linesFile = join(folder, "lines");
const cursorFile = join(folder, "cursor");

/** `BYTES CURSOR`: what was written after so many bytes is not known to be whole. */
function stored(): { readonly bytes: number; readonly cursor: LogCursor } | undefined {
  if (!existsSync(cursorFile)) return undefined;
  const text = readFileSync(cursorFile, "utf8");
  const end = text.indexOf(" ");
  return { bytes: Number(text.slice(0, end)), cursor: parseCursor(text.slice(end + 1)) };
}

const from = stored();
const file = openSync(linesFile, "a");
truncateSync(linesFile, from?.bytes ?? 0);
let bytes = from?.bytes ?? 0;
const http = kubeHttp(kubeConfigOf(readFileSync(kubeConfig, "utf8")));
const target = { namespace, pod, container: "main" };
const events = followLog({
  source: kubeLogSource(http),
  containerState: podContainerState(http, target),
  target,
  signal: new AbortController().signal,
  ...(from === undefined ? {} : { from: from.cursor }),
});
for await (const event of events) {
  if (event.type === "gap") throw new Error(`a gap after ${event.after}`);
  if (event.type === "end") process.exitCode = event.proof === "verified" ? 0 : 3;
  if (event.type !== "lines") continue;
  const text = event.lines.map((line) => line.text + (line.noNewline ? "" : "\n")).join("");
  bytes += writeSync(file, text);
  // A name appears whole or not at all.
  writeFileSync(`${cursorFile}.new`, `${bytes} ${JSON.stringify(event.cursor)}`);
  renameSync(`${cursorFile}.new`, cursorFile);
}
http.close();
