import { clusterPermissions, type Permission, permissions } from "@claude-k8s/k8s-job-manifest";

/** One right, as a SelfSubjectAccessReview asks for it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly use: string;
  /** What is lost without it; absent when nothing works without it. */
  readonly without: string | undefined;
  /** Of what is in no namespace: a Role cannot give it. */
  readonly isClusterWide: boolean;
}

/** Everything that is asked of the API server, one by one: what runs need first. */
export const rights: readonly Right[] = [
  ...permissions.flatMap((rule) => rightsOf(rule, false)),
  ...clusterPermissions.flatMap((rule) => rightsOf(rule, true)),
];

function rightsOf(
  { apiGroups, resources, verbs, use, without }: Permission,
  isClusterWide: boolean,
): Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((path) =>
      verbs.map((verb) => {
        const [resource = path, subresource] = path.split("/");
        const sub = subresource === undefined ? {} : { subresource };
        return { group, resource, ...sub, verb, use, without, isClusterWide };
      }),
    ),
  );
}

/** `create jobs.batch`, `get pods/log`. */
export function describeRight({ group, resource, subresource, verb }: Right): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === "" ? what : `${what}.${group}`}`;
}

/** The rule that grants it, as YAML in one line, to be added to a Role or ClusterRole. */
export function ruleFor({ group, resource, subresource, verb }: Right): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `{apiGroups: ["${group}"], resources: ["${path}"], verbs: ["${verb}"]}`;
}
