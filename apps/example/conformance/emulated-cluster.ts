import { kubeHttp } from "@claude-k8s/kube-http";
import { childProcessProgram, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { kubeConfigOf } from "../src/cluster/kubeconfig.ts";
import type { ClusterUnderTest } from "./cluster.ts";

const namespace = "conformance";
/** Little, so that a version too old is soon reached. */
const historyLimit = 50;
const logMaxBytes = 100 * 1024;
const image = "conformance:local";
/** Its program is killed for its memory: that of a child process of ours would be this machine's. */
export const hungryImage = "hungry:local";

/** The emulator, with real child processes as containers, so that the tests' scripts are the same everywhere. */
export async function emulatedCluster(): Promise<ClusterUnderTest> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(
    await startEmulator({ tls: true, namespaces: [namespace], historyLimit, logMaxBytes }),
  );
  emulator.program(image, childProcessProgram());
  emulator.program(hungryImage, async (program) => {
    await program.sleep(20);
    return program.oomKill();
  });
  const kubeConfig = kubeConfigOf(emulator.kubeConfig);
  const http = stack.adopt(kubeHttp(kubeConfig), (one) => one.close());
  // Rights are taken from everyone who asks an emulator, so strangers have one of their own.
  const strict = stack.use(await startEmulator({ tls: true, namespaces: [namespace] }));
  strict.deny({});
  const stranger = stack.adopt(kubeHttp(kubeConfigOf(strict.kubeConfig)), (one) => one.close());
  const controller = stack.adopt(new AbortController(), (one) => one.abort());
  const owned = stack.move();
  return {
    kubeConfig,
    http,
    namespace,
    image,
    isEmulator: true,
    rotatesAt: logMaxBytes,
    signal: controller.signal,
    runner: () => Promise.resolve({ kubeConfig, http }),
    stranger: () => Promise.resolve(stranger),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
