import type { KubeHttp } from "@claude-k8s/kube-http";
import { setTimeout as sleep } from "node:timers/promises";
import { ExampleError } from "../errors.ts";

/** As in a Role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface AccountRequest {
  readonly namespace: string;
  readonly name: string;
  /** What the account may do in its namespace, and nothing else. */
  readonly rules: readonly Rule[];
  readonly signal: AbortSignal;
}

const rbac = "rbac.authorization.k8s.io";

/**
 * Makes a service account with exactly these rights, and waits until the API server knows them. Answers a
 * token for it that is good for an hour.
 */
export async function createAccount(http: KubeHttp, request: AccountRequest): Promise<string> {
  const { namespace, name, rules } = request;
  const core = `/api/v1/namespaces/${namespace}`;
  const roles = `/apis/${rbac}/v1/namespaces/${namespace}`;
  const metadata = { name, namespace };
  await post(http, request, {
    path: `${core}/serviceaccounts`,
    body: { apiVersion: "v1", kind: "ServiceAccount", metadata },
  });
  if (rules.length > 0) {
    await post(http, request, {
      path: `${roles}/roles`,
      body: { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules },
    });
    await post(http, request, {
      path: `${roles}/rolebindings`,
      body: {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: rbac, kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      },
    });
  }
  const made = await post<{ readonly status: { readonly token: string } }>(http, request, {
    path: `${core}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3_600 },
    },
  });
  for (const rule of rules) await known(http, request, rule);
  return made.status.token;
}

/** The authorizer hears of a new binding a moment later. */
async function known(http: KubeHttp, request: AccountRequest, rule: Rule): Promise<void> {
  const { namespace, name, signal } = request;
  const [group = ""] = rule.apiGroups;
  const [resource = "", subresource] = (rule.resources[0] ?? "").split("/");
  const spec = {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    resourceAttributes: { namespace, group, resource, subresource, verb: rule.verbs[0] },
  };
  for (let asked = 0; asked < 100; asked += 1) {
    const { status } = await post<{ readonly status: { readonly allowed: boolean } }>(
      http,
      request,
      {
        path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        body: { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec },
      },
    );
    if (status.allowed) return;
    await sleep(100, undefined, { signal });
  }
  throw new ExampleError("EXAMPLE_NO_CLUSTER", `${name}: the Role is not in force after 10 s`);
}

async function post<T>(
  http: KubeHttp,
  { signal }: AccountRequest,
  { path, body }: { readonly path: string; readonly body: unknown },
): Promise<T> {
  const answer = await http.request<T>({ method: "POST", path, body, signal });
  if (answer.kind === "ok") return answer.body;
  const why = "status" in answer ? answer.status?.message : undefined;
  throw new ExampleError("EXAMPLE_NO_CLUSTER", `POST ${path}: ${why ?? answer.kind}`);
}
