import { amount, field, mapping, seconds, textOrNone } from "./field.ts";
import type { ClusterSettings, FieldsOf } from "./types.ts";
import { dnsLabel, dnsName, flag, objectList, oneOf } from "./values.ts";

/** Where and how the pod runs. The form, the documentation and the parser all come from these tables. */
export const clusterFields: FieldsOf<ClusterSettings> = {
  namespace: field<string | undefined>(dnsLabel, undefined, {
    expected: "a namespace's name: lower-case letters, digits and hyphens, at most 63",
    hint: "Namespace of the Jobs. Empty: the server's own, or the one of the kubeconfig's context.",
    form: { label: "Namespace", type: "text" },
  }),
  image: textOrNone(
    "Image",
    "Image with the claude command. Empty: the image of the server's own pod.",
  ),
  imagePullPolicy: field<ClusterSettings["imagePullPolicy"]>(
    oneOf("IfNotPresent", "Always", "Never"),
    "IfNotPresent",
    {
      expected: "IfNotPresent, Always or Never",
      hint: "When the node pulls the image.",
      form: {
        label: "Image pull policy",
        type: "select",
        default: "IfNotPresent",
        options: ["IfNotPresent", "Always", "Never"],
      },
    },
  ),
  kubeconfig: textOrNone(
    "Kubeconfig path",
    "Path of a kubeconfig on the server. Empty: $KUBECONFIG, ~/.kube/config, or the pod's service account.",
  ),
  serviceAccountName: field<string | undefined>(dnsName, undefined, {
    expected: "a service account's name",
    hint: "Service account of the pods. Its token is never mounted.",
    form: { label: "Service account", type: "text" },
  }),
  workspaceVolumeClaim: field<string | undefined>(dnsName, undefined, {
    expected: "a PersistentVolumeClaim's name",
    hint: "Claim that holds home and workspace, so that sessions outlive their pod. Empty: both end with the pod.",
    form: { label: "Workspace volume claim", type: "text" },
  }),
  labels: mapping(
    "Labels",
    "More labels of the Job and its pod. Those under paperclip.io/ are ours.",
  ),
  nodeSelector: mapping("Node selector", "Labels a node must have."),
  tolerations: field<readonly Record<string, unknown>[]>(objectList, [], {
    expected: "a list of tolerations, or its JSON",
    hint: "Tolerations of the pod, as JSON.",
    form: { label: "Tolerations", type: "textarea" },
  }),
  "resources.requests.cpu": amount("CPU request", "CPU that the scheduler sets aside."),
  "resources.requests.memory": amount("Memory request", "Memory that the scheduler sets aside."),
  "resources.limits.cpu": amount("CPU limit", "CPU above which the program is slowed down."),
  "resources.limits.memory": amount("Memory limit", "Memory above which the program is killed."),
  ttlSecondsAfterFinished: seconds(
    "Keep finished Jobs (seconds)",
    86_400,
    "How long Kubernetes keeps a finished Job that was not cleaned up. 0 means the default, one day.",
  ),
  retainJobs: field(flag, false, {
    expected: "true or false",
    hint: "Leave the Job and its pod in the cluster after the run, for looking at.",
    form: { label: "Keep the Job", type: "toggle", default: false },
  }),
};
