import { toggle } from "./field.ts";
import type { FieldsOf, InheritSettings } from "./types.ts";

/** What is set by its own key wins. A server that runs in no pod of the cluster has nothing to take over. */
export const inheritFields: FieldsOf<InheritSettings> = {
  inheritEnv: toggle(
    "Provider variables from the server",
    "Take over provider keys, proxy, certificates and locale from the server's pod, and no other variable.",
  ),
  inheritImage: toggle(
    "Image from the server",
    "Take over the image of the server's pod, when image is empty.",
  ),
  inheritPullSecrets: toggle(
    "Pull secrets from the server",
    "Take over the names of the pull secrets of the server's pod, when imagePullSecrets is empty.",
  ),
  inheritDns: toggle(
    "DNS from the server",
    "Take over DNS policy and configuration of the server's pod, when dnsPolicy and dnsConfig are empty.",
  ),
  inheritVolumeClaim: toggle(
    "Volume claim from the server",
    "Take over the claim that holds the server's home, when workspaceVolumeClaim is empty and the Jobs are in the server's namespace. Pods see their own folders of it, nothing of the server's.",
  ),
  inheritScheduling: toggle(
    "Scheduling from the server",
    "Take over node selector, tolerations and node affinity of the server's pod, each when its own setting is empty.",
  ),
};
