import { kubeHttp } from "@claude-k8s/kube-http";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { recordingsFolder } from "../folders.ts";
import { replayProgram } from "../replay/replay-program.ts";
import type { ProofWorld } from "./proof-world.ts";
import { counted } from "./programs.ts";

const namespace = "agents";
const image = "claude-replay:crash";

/** An emulator of its own, whose steps take long enough for a process to die between any two of them. */
export async function emulatedWorld(): Promise<ProofWorld> {
  await using stack = new AsyncDisposableStack();
  const latency = { schedulingMs: 20, pullMs: 40, startMs: 40, statusMs: 50, logEndMs: 100 };
  const emulator = stack.use(await startEmulator({ namespaces: [namespace], latency }));
  const { program, programs } = counted(replayProgram(recordingsFolder));
  emulator.program(image, program);
  const kubeConfig = kubeConfigOf(emulator.kubeConfig);
  const http = stack.adopt(kubeHttp(kubeConfig), (one) => one.close());
  const { signal } = stack.adopt(new AbortController(), (one) => one.abort());
  const owned = stack.move();
  return {
    kubeConfig,
    http,
    namespace,
    image,
    programs,
    signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
