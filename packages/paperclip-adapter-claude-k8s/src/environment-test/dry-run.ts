import { type CheckedCluster, orDenied } from "../checks/checked-cluster.ts";
import { type Check, failed, passed } from "../checks/check.ts";
import type { BuiltRun } from "../run/create.ts";

const code = "claude_k8s_job";

/**
 * Has the API server judge the very objects of a run without keeping them: schema, defaults, admission and
 * webhooks. What is refused only for the pod is for the probe to find, for a Job is taken whatever its pod is.
 */
export async function checkDryRun(
  { http, namespace }: CheckedCluster,
  { job, secrets }: BuiltRun,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const space = encodeURIComponent(namespace);
  const objects = [
    ...secrets.map((body) => ({
      kind: "Secret",
      path: `/api/v1/namespaces/${space}/secrets`,
      body,
    })),
    { kind: "Job", path: `/apis/batch/v1/namespaces/${space}/jobs`, body: job },
  ];
  const answers = await Promise.all(
    objects.map(async ({ kind, path, body }) => {
      const query = { dryRun: "All" };
      const asked = http.request({ method: "POST", path, query, body, repeatable: true, signal });
      return { kind, answer: await orDenied(asked) };
    }),
  );
  const refused = answers.flatMap(({ kind, answer }) => {
    // A name that is taken is a run that goes on.
    if (answer.kind === "ok" || answer.kind === "conflict") return [];
    const said = "status" in answer ? answer.status?.message : undefined;
    return [
      failed(
        code,
        `The API server refuses a run's ${kind}: ${said ?? answer.kind}`,
        "The message names the field or the rule: change the setting that it comes from, or ask who set the rule.",
      ),
    ];
  });
  return refused.length > 0
    ? refused
    : [passed(code, "The API server takes a run's Job and Secrets (dry run).")];
}
