import { createHash } from "node:crypto";
import type { Emulator, Program } from "@claude-k8s/kubernetes-emulator";
import { image, namespace } from "./fake-host.ts";
import { healthy } from "./transcript.ts";

/** The image in which an earlier adapter wrote the prompt. */
const promptImage = "busybox:1.36";

/** Where the program of its pods worked: the host's workspace, on the server's own volume. */
const earlierDir = "/paperclip/work";

/** What an earlier adapter wrote into a label: nothing of what labels cannot hold. */
const bare = (id: string): string => id.replaceAll(/[^A-Za-z0-9._-]/g, "").slice(0, 63);
const slug = (id: string): string =>
  id
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "")
    .slice(0, 16);

export interface EarlierRun {
  readonly agentId?: string;
  readonly runId?: string;
  readonly taskId?: string;
  readonly sessionId?: string;
  readonly suspend?: boolean;
  /** A long prompt has a Secret; `unowned`: the server went away before the Job became its owner. */
  readonly secret?: "owned" | "unowned";
}

/**
 * Makes a Job as an earlier adapter of this type did, with the labels, annotations, containers and volumes that
 * it had.
 * @returns its name
 */
export async function earlierJob(
  emulator: Emulator,
  {
    agentId = "agent-1",
    runId = "old-run",
    taskId = "task-1",
    sessionId = "",
    suspend,
    secret,
  }: EarlierRun = {},
): Promise<string> {
  emulator.program(promptImage, async (context) => {
    await context.writeFile("/tmp/prompt/prompt.txt", context.env["PROMPT_CONTENT"] ?? "");
    return 0;
  });
  const hash = createHash("sha256").update(`${agentId}:${runId}`).digest("hex").slice(0, 6);
  const name = `ac-${slug(agentId)}-${slug(runId)}-${hash}`;
  const labels = Object.fromEntries(
    Object.entries({
      "app.kubernetes.io/managed-by": "paperclip",
      "app.kubernetes.io/component": "agent-job",
      "paperclip.io/adapter-type": "claude_k8s",
      "paperclip.io/agent-id": bare(agentId),
      "paperclip.io/company-id": "company-1",
      "paperclip.io/run-id": bare(runId),
      "paperclip.io/task-id": bare(taskId),
      "paperclip.io/session-id": bare(sessionId),
    }).filter(([, value]) => value !== ""),
  );
  const prompt = { name: "prompt", mountPath: "/tmp/prompt" };
  const securityContext = { capabilities: { drop: ["ALL"] }, allowPrivilegeEscalation: false };
  const secretName = `${name}-prompt`;
  if (secret !== undefined)
    await send(emulator, "POST", "api/v1", "secrets", {
      metadata: { name: secretName, labels },
      stringData: { "prompt.txt": "long" },
    });
  const job = await send(emulator, "POST", "apis/batch/v1", "jobs", {
    metadata: {
      name,
      labels,
      annotations: {
        "paperclip.io/adapter-type": "claude_k8s",
        "paperclip.io/agent-name": "Ada",
      },
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: 300,
      ...(suspend === undefined ? {} : { suspend }),
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
          initContainers: [
            {
              name: "write-prompt",
              image: promptImage,
              command: ["sh", "-c", `printf '%s' "$PROMPT_CONTENT" > /tmp/prompt/prompt.txt`],
              env: [{ name: "PROMPT_CONTENT", value: "the earlier prompt" }],
              volumeMounts: [prompt],
              securityContext,
            },
          ],
          containers: [
            {
              name: "claude",
              image,
              workingDir: earlierDir,
              command: ["sh", "-c", "cat /tmp/prompt/prompt.txt | claude '--print' '-'"],
              env: [{ name: "HOME", value: "/paperclip" }],
              volumeMounts: [prompt],
              securityContext,
              resources: { requests: { cpu: "10m", memory: "16Mi" } },
            },
          ],
          volumes: [{ name: "prompt", emptyDir: {} }],
        },
      },
    },
  });
  if (secret === "owned")
    await send(emulator, "PATCH", "api/v1", `secrets/${secretName}`, {
      metadata: {
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: job.metadata.uid }],
      },
    });
  return name;
}

/** How an earlier adapter ended a run: by name, whoever has it by now, and its pods some time later. */
export async function deleteAsBefore(emulator: Emulator, name: string): Promise<void> {
  await send(emulator, "DELETE", "apis/batch/v1", `jobs/${name}`, {
    propagationPolicy: "Background",
  });
}

/** How an earlier adapter took over a run that was left behind: it wrote its own run into the label. */
export async function relabelAsBefore(
  emulator: Emulator,
  name: string,
  runId: string,
): Promise<void> {
  await send(emulator, "PATCH", "apis/batch/v1", `jobs/${name}`, {
    metadata: { labels: { "paperclip.io/run-id": runId } },
  });
}

export interface EarlierProgram {
  readonly program: Program;
  readonly lines: readonly string[];
  readonly printing: Promise<void>;
}

/**
 * The program of an earlier adapter's pods: prints its first line, waits until it is let go, and prints the
 * rest. A pod of ours, which works elsewhere, does not wait.
 * @param staysOn with everything printed it ends only when it is told to
 */
export function earlierProgram(
  letGo: Promise<void>,
  { staysOn = false }: { readonly staysOn?: boolean | undefined } = {},
): EarlierProgram {
  const printing = Promise.withResolvers<void>();
  const lines = healthy.map((line) => line.replace('"/workspace"', `"${earlierDir}"`));
  return {
    lines,
    printing: printing.promise,
    program: async ({ stdout, signal, workingDir }) => {
      const isEarlier = workingDir === earlierDir;
      const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
      stdout.write(`${lines[0]}\n`);
      printing.resolve();
      if (isEarlier) await Promise.race([letGo, ended]);
      if (signal.aborted) return 143;
      for (const line of lines.slice(1)) stdout.write(`${line}\n`);
      if (staysOn) await ended;
      return signal.aborted ? 143 : 0;
    },
  };
}

async function send(
  emulator: Emulator,
  method: string,
  group: string,
  path: string,
  body: object,
): Promise<{ readonly metadata: { readonly uid: string } }> {
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const answer = await fetch(`${emulator.url}/${group}/namespaces/${namespace}/${path}`, {
    method,
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { metadata: { uid: string } };
}
