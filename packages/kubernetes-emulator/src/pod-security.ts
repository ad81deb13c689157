import { allContainers } from "./admission.ts";
import { member } from "./json.ts";
import type { Container, Pod } from "./kube-object.ts";

/**
 * What a pod lacks for the level `restricted`, in the words of Pod Security Admission: the four rules
 * that every pod without a security context breaks. The other rules, and `baseline`, are not looked at.
 */
export function podSecurityProblem(pod: Pod, level: string): string | undefined {
  if (level !== "restricted") return undefined;
  const context = pod.spec["securityContext"];
  const containers = allContainers(pod);
  const lacking = (holds: (one: unknown) => boolean): Container[] =>
    containers.filter((one) => !holds(one["securityContext"]));
  const rules: readonly (readonly [string, Container[], string, string])[] = [
    [
      "allowPrivilegeEscalation != false",
      lacking((one) => member(one, "allowPrivilegeEscalation") === false),
      "",
      "securityContext.allowPrivilegeEscalation=false",
    ],
    [
      "unrestricted capabilities",
      lacking((one) => {
        const drop = member(member(one, "capabilities"), "drop");
        return Array.isArray(drop) && drop.includes("ALL");
      }),
      "",
      'securityContext.capabilities.drop=["ALL"]',
    ],
    [
      "runAsNonRoot != true",
      lacking((one) => (member(one, "runAsNonRoot") ?? member(context, "runAsNonRoot")) === true),
      "pod or ",
      "securityContext.runAsNonRoot=true",
    ],
    [
      "seccompProfile",
      lacking((one) => {
        const own = member(member(one, "seccompProfile"), "type");
        const type = own ?? member(member(context, "seccompProfile"), "type");
        return type === "RuntimeDefault" || type === "Localhost";
      }),
      "pod or ",
      'securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"',
    ],
  ];
  const broken = rules.filter(([, containers]) => containers.length > 0);
  if (broken.length === 0) return undefined;
  const said = broken.map(([rule, containers, scope, wanted]) => {
    const word = containers.length === 1 ? "container" : "containers";
    const names = containers.map(({ name }) => `"${name}"`).join(", ");
    return `${rule} (${scope}${word} ${names} must set ${wanted})`;
  });
  return `violates PodSecurity "restricted:latest": ${said.join(", ")}`;
}
