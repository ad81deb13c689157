import { buildRun, jobName, labelValue, type RunSpec } from "@claude-k8s/k8s-job-manifest";
import { annotations, labels } from "@claude-k8s/orphan-guard";
import { adapterType, ownAnnotations, ownLabels } from "../cluster/marks.ts";
import { AdapterError } from "../errors.ts";
import { clonePreparation } from "../workspace/clone.ts";
import { trusting } from "../workspace/safe-directory.ts";
import { homeVariables, life, placement, resources, volumes } from "./pod-shape.ts";
import { containerName } from "../report/pod-state.ts";
import type { BuiltRun } from "./create.ts";
import { guardKey } from "./guard.ts";
import type { RunInputs, RunRequest } from "./model.ts";

/** What a run is, as the manifest of one Job and its Secrets. Pure. */
export function build(request: RunRequest, inputs: RunInputs): BuiltRun {
  return buildRun(runSpec(request, inputs));
}

/**
 * The spec from which the manifests are built.
 * @throws AdapterError `ADAPTER_NOTHING_TO_RUN` when there is no prompt
 */
export function runSpec(request: RunRequest, inputs: RunInputs): RunSpec {
  if (inputs.prompt.trim() === "")
    throw new AdapterError(
      "ADAPTER_NOTHING_TO_RUN",
      "the prompt is empty: promptTemplate renders to nothing, and the host gave no task",
    );
  const { settings, namespace } = request;
  const key = guardKey(request);
  const name = jobName(["claude", key]);
  const wanted = resources(settings);
  const mounted = volumes(settings, key, inputs);
  const { workspace } = inputs;
  const env = trusting({ ...inputs.env, ...homeVariables }, workspace.path);
  const program = {
    image: inputs.image,
    imagePullPolicy: settings.imagePullPolicy,
    env,
    secretEnv: inputs.secretEnv,
    envFrom: { vars: inputs.envReferences },
    workingDir: workspace.path,
    readOnlyRoot: settings.readOnlyRoot,
    ...(wanted === undefined ? {} : { resources: wanted }),
  };
  return {
    name,
    namespace,
    containerName,
    secretName: `${name}-${inputs.attempt}`,
    labels: { ...safeLabels(settings.labels), ...runLabels(request) },
    annotations: { ...runAnnotations(request, key), ...bundleAnnotation(inputs) },
    program: {
      ...program,
      argv: ["claude", ...inputs.args],
      stdin: inputs.prompt,
      files: inputs.files,
      needs: inputs.needs,
    },
    volumes: mounted,
    ...(workspace.clone === undefined
      ? {}
      : { preparations: [clonePreparation(workspace.clone, program, mounted)] }),
    placement: placement(settings),
    life: life(settings),
    suspend: true,
  };
}

/** Labels under these prefixes are ours and Kubernetes' own. */
export function isReservedLabel(key: string): boolean {
  return key.startsWith("paperclip.io/") || key.startsWith("app.kubernetes.io/");
}

function safeLabels(own: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(own).filter(([key]) => !isReservedLabel(key)));
}

/** Values as Kubernetes allows them. Raw ids are in the annotations. */
function runLabels({ agent, runId, taskId, sessionId }: RunRequest): Record<string, string> {
  const ids = {
    [ownLabels.agentId]: agent.id,
    [ownLabels.companyId]: agent.companyId,
    [labels.runId]: runId,
    [labels.taskId]: taskId ?? "",
    [labels.sessionId]: sessionId ?? "",
  };
  const given = Object.entries(ids).filter(([, id]) => id !== "");
  return {
    "app.kubernetes.io/managed-by": "paperclip",
    [ownLabels.adapterType]: adapterType,
    ...Object.fromEntries(given.map(([key, id]) => [key, labelValue(id)])),
  };
}

function bundleAnnotation({ keptBundle }: RunInputs): Record<string, string> {
  return keptBundle === undefined ? {} : { [ownAnnotations.bundle]: keptBundle };
}

function runAnnotations(
  { agent, runId, taskId, sessionId }: RunRequest,
  key: string,
): Record<string, string> {
  return {
    [annotations.agentId]: agent.id,
    [ownAnnotations.agentName]: agent.name,
    [annotations.guardKey]: key,
    [annotations.runId]: runId,
    ...(taskId === undefined ? {} : { [annotations.taskId]: taskId }),
    ...(sessionId === undefined ? {} : { [annotations.sessionId]: sessionId }),
  };
}
