import { field } from "./field.ts";
import type { Field, FieldsOf, InheritSettings } from "./types.ts";
import { flag } from "./values.ts";

/** An off switch for one thing that pods take over from the server's own pod. */
function takenOver(label: string, hint: string): Field<boolean> {
  return field(flag, true, {
    expected: "true or false",
    hint,
    form: { label, type: "toggle", default: true },
  });
}

/** What is set by its own key wins. A server that runs in no pod of the cluster has nothing to take over. */
export const inheritFields: FieldsOf<InheritSettings> = {
  inheritEnv: takenOver(
    "Provider variables from the server",
    "Take over provider keys, proxy, certificates and locale from the server's pod, and no other variable.",
  ),
  inheritImage: takenOver(
    "Image from the server",
    "Take over the image of the server's pod, when image is empty.",
  ),
  inheritPullSecrets: takenOver(
    "Pull secrets from the server",
    "Take over the names of the pull secrets of the server's pod, when imagePullSecrets is empty.",
  ),
  inheritDns: takenOver(
    "DNS from the server",
    "Take over DNS policy and configuration of the server's pod, when dnsPolicy and dnsConfig are empty.",
  ),
  inheritVolumeClaim: takenOver(
    "Volume claim from the server",
    "Take over the claim that holds the server's home, when workspaceVolumeClaim is empty and the Jobs are in the server's namespace. Pods see their own folders of it, nothing of the server's.",
  ),
  inheritScheduling: takenOver(
    "Scheduling from the server",
    "Take over node selector, tolerations and node affinity of the server's pod, each when its own setting is empty.",
  ),
};
