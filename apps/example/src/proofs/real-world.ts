import { randomBytes } from "node:crypto";
import { permissions } from "@claude-k8s/k8s-job-manifest";
import { kubeHttp } from "@claude-k8s/kube-http";
import { createAccount } from "../cluster/account.ts";
import { kubeConfigOf, standalone } from "../cluster/kubeconfig.ts";
import { createNamespace } from "../cluster/namespace.ts";
import type { ProofWorld } from "./proof-world.ts";
import { watched } from "./programs.ts";

/** A cluster that is there, as it was handed over. */
export interface GivenCluster {
  readonly kubeConfig: string;
  /** Namespaces with this mark are removed at the end, however it comes. */
  readonly mark: string;
  readonly image: string;
}

/** A namespace of its own on a real cluster, with an account that has the rights of the documented Role alone. */
export async function realWorld({
  kubeConfig: text,
  mark,
  image,
}: GivenCluster): Promise<ProofWorld> {
  await using stack = new AsyncDisposableStack();
  const admin = kubeConfigOf(text);
  const http = stack.adopt(kubeHttp(admin), (one) => one.close());
  const over = stack.adopt(new AbortController(), (one) => one.abort());
  const { signal } = over;
  const namespace = `${mark}-${randomBytes(3).toString("hex")}`;
  await createNamespace(http, { name: namespace, mark, isRestricted: true, signal });
  const rules = permissions;
  const token = await createAccount(http, { namespace, name: "runner", rules, signal });
  const { programs, ended } = watched(http, namespace, signal);
  stack.defer(async () => {
    over.abort();
    await ended;
  });
  const owned = stack.move();
  return {
    kubeConfig: kubeConfigOf(standalone(admin, { token })),
    http,
    namespace,
    image,
    programs,
    signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
