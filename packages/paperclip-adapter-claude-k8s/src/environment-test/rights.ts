import { permissions } from "@claude-k8s/k8s-job-manifest";

/** One right in the namespace of the Jobs, as a SelfSubjectAccessReview asks for it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly use: string;
  /** What is lost without it; absent when nothing works without it. */
  readonly without: string | undefined;
}

/** Everything a run asks of the API server, one by one. */
export const rights: readonly Right[] = permissions.flatMap(
  ({ apiGroups, resources, verbs, use, without }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((path) =>
        verbs.map((verb) => {
          const [resource = path, subresource] = path.split("/");
          const sub = subresource === undefined ? {} : { subresource };
          return { group, resource, ...sub, verb, use, without };
        }),
      ),
    ),
);

/** `create jobs.batch`, `get pods/log`. */
export function describeRight({ group, resource, subresource, verb }: Right): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === "" ? what : `${what}.${group}`}`;
}
