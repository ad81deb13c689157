import { type Check, failed, passed, warned } from "../checks/check.ts";
import type { ProbeReport } from "./probe-script.ts";
import type { ProbeEvidence } from "./run-probe.ts";

/** What the findings speak of. */
export interface ProbeSubject {
  readonly mark: string;
  readonly image: string;
  readonly url: string | undefined;
  readonly namespace: string;
  /** Runs wait for a node instead of failing at once. */
  readonly waitsForNode: boolean;
}

/** What the probe reported from inside the pod, and how its report came. Pure. */
export function reportChecks(
  { version, volume, git, url, isWhole }: ProbeReport,
  { outcome, log, lines }: ProbeEvidence,
  subject: ProbeSubject,
): Check[] {
  const hasRun = outcome.kind === "ended" && outcome.end.kind === "exited";
  return [
    ...(version === undefined ? [] : [versionCheck(version, subject)]),
    ...(volume === undefined ? [] : [volumeCheck(volume)]),
    ...(git === undefined ? [] : [gitCheck(git, subject)]),
    ...(url === undefined || subject.url === undefined ? [] : [urlCheck(url, subject.url)]),
    ...(hasRun ? [logCheck(isWhole && log === "verified", lines.length)] : []),
  ];
}

function versionCheck(
  { exitCode, text }: NonNullable<ProbeReport["version"]>,
  { image }: ProbeSubject,
): Check {
  const code = "claude_k8s_image";
  if (exitCode === 0) return passed(code, `The image ${image} has claude ${text}.`);
  return exitCode === 127
    ? failed(
        code,
        `The image ${image} has no claude on its PATH.`,
        "Install Claude Code in the image, or set image to one that has it.",
      )
    : failed(
        code,
        `claude --version ended with ${exitCode}: ${text}`,
        "Run the image as uid 1000 with a read-only root and see why; readOnlyRoot: false is for tools that write elsewhere.",
      );
}

function volumeCheck({ isWritable, text }: NonNullable<ProbeReport["volume"]>): Check {
  return isWritable
    ? passed("claude_k8s_volume", "The workspace volume is mounted and can be written.")
    : failed(
        "claude_k8s_volume",
        `The workspace volume cannot be written: ${text}`,
        "Let uid and gid 1000 write there: fsGroup works on most kinds of volume; NFS and hostPath need chown.",
      );
}

/** Which tasks the agent will have is not known, so git that is missing is no warning. */
function gitCheck(
  { exitCode, text }: NonNullable<ProbeReport["git"]>,
  { image }: ProbeSubject,
): Check {
  const code = "claude_k8s_workspace";
  const what =
    exitCode === 0
      ? `${text}: repositories of projects can be cloned`
      : `no git that runs (${text}): repositories of projects cannot be cloned. Install git in it for agents that work on projects`;
  return passed(code, `The image ${image} has ${what}.`);
}

function urlCheck({ answer, text }: NonNullable<ProbeReport["url"]>, url: string): Check {
  const code = "claude_k8s_host_url";
  if (answer === "reached") return passed(code, `A pod reaches the server's API at ${url}.`);
  return answer === "unknown"
    ? passed(
        code,
        `Whether a pod reaches the server's API at ${url} is not known: the image has neither curl, node nor wget.`,
      )
    : warned(
        code,
        `A pod does not reach the server's API at ${url}: ${text || "no answer"}`,
        "Set paperclipUrl to an address that pods reach, and let network policies allow it.",
      );
}

function logCheck(isWhole: boolean, lines: number): Check {
  return isWhole
    ? passed("claude_k8s_log", `The pod's log was followed live to its end (${lines} lines).`)
    : failed(
        "claude_k8s_log",
        `The pod's log could not be followed to its end (${lines} lines came).`,
        "Check that the API server reaches the node's kubelet (port 10250), and that no proxy cuts long answers.",
      );
}
