import { amount, field, mapping, nameOf, seconds, textOrNone, toggle } from "./field.ts";
import type { Affinity, DnsConfig, Toleration } from "@claude-k8s/k8s-job-manifest";
import type { ClusterSettings, FieldsOf } from "./types.ts";
import { dnsLabel, dnsNames, flag, objectList, objectOrJson, oneOf } from "./values.ts";

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
  imagePullSecrets: field<readonly string[]>(dnsNames, [], {
    expected: "names of Secrets: a list, or one text with spaces or commas between them",
    hint: "Secrets for pulling the image. Empty: those of the server's own pod.",
    form: { label: "Image pull secrets", type: "text" },
  }),
  kubeconfig: textOrNone(
    "Kubeconfig path",
    "Path of a kubeconfig on the server. Empty: $KUBECONFIG, ~/.kube/config, or the pod's service account.",
  ),
  serviceAccountName: nameOf(
    "a service account",
    "Service account",
    "Service account of the pods. Its token is never mounted.",
  ),
  workspaceVolumeClaim: nameOf(
    "a PersistentVolumeClaim",
    "Workspace volume claim",
    "Claim that holds home and workspace, so that sessions outlive their pod. Empty: the server's own claim, else both end with the pod.",
  ),
  workspaceAccessMode: field<ClusterSettings["workspaceAccessMode"]>(
    oneOf("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"),
    undefined,
    {
      expected: "ReadWriteOnce, ReadWriteOncePod or ReadWriteMany",
      hint: "How the claim can be used. ReadWriteOnce: pods that share it go to one node. Empty: not known; pods with the server's claim prefer its node.",
      form: { label: "Access mode of the claim", type: "text" },
    },
  ),
  readOnlyRoot: toggle(
    "Read-only root file system",
    "Nothing can be written but home, workspace and /tmp. false: for tools that write elsewhere.",
  ),
  labels: mapping(
    "Labels",
    "More labels of the Job and its pod. Those under paperclip.io/ are ours.",
  ),
  nodeSelector: mapping(
    "Node selector",
    "Labels a node must have. Empty: those of the server's own pod.",
  ),
  tolerations: field<readonly Toleration[]>(objectList, [], {
    expected: "a list of tolerations, or its JSON",
    hint: "Tolerations of the pod, as JSON. Empty: those of the server's own pod.",
    form: { label: "Tolerations", type: "textarea" },
  }),
  affinity: field<Affinity | undefined>(objectOrJson, undefined, {
    expected: "an affinity as Kubernetes writes it, or its JSON",
    hint: "Affinity of the pod, as JSON. Empty: the node affinity of the server's own pod.",
    form: { label: "Affinity", type: "textarea" },
  }),
  priorityClassName: nameOf(
    "a PriorityClass",
    "Priority class",
    "Priority of the pod. Never taken over from the server: runs must not push it aside.",
  ),
  runtimeClassName: nameOf(
    "a RuntimeClass",
    "Runtime class",
    "Runtime of the pod, such as one that isolates it in a sandbox.",
  ),
  dnsPolicy: field<ClusterSettings["dnsPolicy"]>(
    oneOf("ClusterFirst", "Default", "None"),
    undefined,
    {
      expected: "ClusterFirst, Default or None",
      hint: "Where the pod's resolver comes from. None: from dnsConfig alone.",
      form: { label: "DNS policy", type: "text" },
    },
  ),
  dnsConfig: field<DnsConfig | undefined>(objectOrJson, undefined, {
    expected: "a DNS configuration as Kubernetes writes it, or its JSON",
    hint: "Nameservers, searches and options of the pod, as JSON.",
    form: { label: "DNS configuration", type: "textarea" },
  }),
  "resources.requests.cpu": amount(
    "CPU request",
    "CPU that the scheduler sets aside. Empty: 250m; a smaller limit where there is one.",
  ),
  "resources.requests.memory": amount(
    "Memory request",
    "Memory that the scheduler sets aside. Empty: 512Mi; a smaller limit where there is one.",
  ),
  "resources.limits.cpu": amount(
    "CPU limit",
    "CPU above which the program is slowed down. Empty: 4; a larger request where there is one.",
  ),
  "resources.limits.memory": amount(
    "Memory limit",
    "Memory above which the program is killed. Empty: 8Gi; a larger request where there is one.",
  ),
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
