import { type Check, passed, warned } from "../checks/check.ts";
import { isInherited } from "../prompt/environment.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { InheritedSettings } from "../settings/inherit.ts";
import type { Settings } from "../settings/types.ts";

const code = "claude_k8s_inherited";

/** Says what runs take over from the pod that the server runs in, and what keeps them from it. Pure. */
export function inheritedChecks(
  asked: Settings,
  { settings, notes, warnings }: InheritedSettings,
  self: SelfPodInfo,
): readonly Check[] {
  const checks: Check[] = warnings.map((warning) => warned(code, warning));
  if (self.unread !== undefined)
    return [
      ...checks,
      warned(
        code,
        `The server's own pod could not be read, so nothing is taken over from it: ${self.unread}`,
        "Grant get pods in the server's own namespace, or set image and what else runs need.",
      ),
    ];
  const names = settings.inheritEnv ? handedOn(self) : [];
  const values = [
    settings.image === asked.image ? undefined : `image ${settings.image}`,
    settings.workspaceVolumeClaim === asked.workspaceVolumeClaim
      ? undefined
      : `claim ${settings.workspaceVolumeClaim}`,
    names.length === 0 ? undefined : `variables ${names.join(", ")}`,
  ].filter((value) => value !== undefined);
  const taken = [...notes, ...(values.length === 0 ? [] : [values.join("; ")])];
  return [
    ...checks,
    passed(
      code,
      taken.length === 0
        ? "Nothing is taken over from the server's own pod."
        : `${taken.join(": ")}.`,
    ),
    ...notHandedOn(self),
  ];
}

/** An earlier adapter of this type gave its pods all of them. */
function notHandedOn(self: SelfPodInfo): readonly Check[] {
  const names = variablesOf(self).filter((name) => !isInherited(name));
  return names.length === 0
    ? []
    : [
        {
          ...passed(code, `Variables of the server that runs do not get: ${names.join(", ")}.`),
          hint: "What agents need of them goes into env, best bound to a secret of the host.",
        },
      ];
}

function handedOn(self: SelfPodInfo): string[] {
  return variablesOf(self).filter(isInherited);
}

function variablesOf({ inheritedEnv = {}, inheritedEnvValueFrom = [] }: SelfPodInfo): string[] {
  return [
    ...Object.keys(inheritedEnv),
    ...inheritedEnvValueFrom.map(({ name }) => name),
  ].toSorted();
}
