import { randomBytes } from "node:crypto";
import { kubeHttp } from "@claude-k8s/kube-http";
import type { KubeConfig } from "@kubernetes/client-node";
import { ExampleError } from "../errors.ts";
import { chooseCluster } from "./choose.ts";
import { createKindCluster } from "./kind.ts";
import { kubeConfigOf, kubeConfigOfEnvironment, standalone } from "./kubeconfig.ts";
import { removeNamespaces } from "./namespace.ts";
import { lookAround } from "./offer.ts";

/** A real cluster, ready to be used. */
export interface OpenCluster {
  /** A kubeconfig that needs no other file. */
  readonly kubeConfig: string;
  /** Namespaces with this mark go with `close`. */
  readonly mark: string;
  /** The kind cluster's name, when it is our own. */
  readonly kindName: string | undefined;
  /** What stays when nobody waits for `close`. */
  readonly remains: string;
  /** Removes what was made. Answers what still stood when patience ended. */
  close(): Promise<readonly string[]>;
}

export interface OpenClusterOptions {
  /** `demo` or `e2e`: part of the names. */
  readonly purpose: string;
  readonly kindImage: string | undefined;
  /** Told which cluster it is, before anything is made. */
  readonly onChosen: (title: string) => void;
  readonly signal: AbortSignal;
}

const closeWithinMs = 60_000;

/**
 * The cluster of `$KUBECONFIG`, else a kind cluster of our own.
 * @throws ExampleError `EXAMPLE_NO_CLUSTER` that says what is missing, or why the cluster does not answer
 */
export async function openCluster(options: OpenClusterOptions): Promise<OpenCluster> {
  const choice = chooseCluster(await lookAround(options.signal));
  switch (choice.kind) {
    case "kubeconfig":
      return given(options);
    case "kind":
      return own(options);
    case "none":
      throw new ExampleError(
        "EXAMPLE_NO_CLUSTER",
        `there is no cluster to run on: ${choice.missing.join("; ")}`,
      );
    default:
      return choice satisfies never;
  }
}

async function given(options: OpenClusterOptions): Promise<OpenCluster> {
  const { purpose, signal, onChosen } = options;
  const config = kubeConfigOfEnvironment();
  const mark = newMark(purpose);
  const version = await versionOf(config, signal);
  const server = config.getCurrentCluster()?.server ?? "";
  const context = config.getCurrentContext();
  onChosen(`the cluster of $KUBECONFIG (context ${context}, ${server}), Kubernetes ${version}`);
  return {
    kubeConfig: standalone(config),
    mark,
    kindName: undefined,
    remains: `namespaces that begin with ${mark}`,
    async close() {
      const http = kubeHttp(config);
      const patience = AbortSignal.timeout(closeWithinMs + 15_000);
      const left = await removeNamespaces(http, {
        mark,
        withinMs: closeWithinMs,
        signal: patience,
      });
      http.close();
      return left.map((name) => `namespace ${name}`);
    },
  };
}

async function own(options: OpenClusterOptions): Promise<OpenCluster> {
  const { purpose, kindImage, signal, onChosen } = options;
  const mark = newMark(purpose);
  onChosen(`a kind cluster of its own (${mark}, ${kindImage ?? "kind's default node image"})`);
  const cluster = await createKindCluster({ name: mark, nodeImage: kindImage, signal });
  return {
    kubeConfig: standalone(kubeConfigOf(cluster.kubeConfig)),
    mark,
    kindName: cluster.name,
    remains: `the kind cluster ${mark} (kind delete cluster --name ${mark})`,
    async close() {
      await cluster.remove();
      return [];
    },
  };
}

function newMark(purpose: string): string {
  return `claude-k8s-${purpose}-${randomBytes(3).toString("hex")}`;
}

async function versionOf(config: KubeConfig, signal: AbortSignal): Promise<string> {
  // Seconds, not the patience of a long run: somebody waits for the first line.
  const http = kubeHttp(config, { retryBudgetMs: 3_000, headerTimeoutMs: 5_000 });
  try {
    const answer = await http.request<{ gitVersion: string }>({
      method: "GET",
      path: "/version",
      signal,
    });
    return answer.kind === "ok" ? answer.body.gitVersion : "of unknown version";
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExampleError("EXAMPLE_NO_CLUSTER", `the cluster does not answer: ${why}`, { cause });
  } finally {
    http.close();
  }
}
