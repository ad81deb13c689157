import { fieldsOf } from "../untyped.ts";
import type { AdapterExecutionContext, AdapterSessionCodec } from "@paperclipai/adapter-utils";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The session that the host last stored for this task, whatever it looks like: it is what Jobs are labelled with. */
export function storedSession(runtime: AdapterExecutionContext["runtime"]): string | undefined {
  const id = runtime.sessionParams?.["sessionId"] ?? runtime.sessionId;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** What must be the same for a session to be gone on with. Each is stored with it. */
export interface SessionSurroundings {
  /** Where session files outlive their pod; `undefined` when they do not. */
  readonly place: string | undefined;
  /** The working directory in the pod: `claude` keeps sessions by it. */
  readonly podCwd: string;
  /** The host's workspace, when it names one. */
  readonly workspaceId?: string;
  /** Instructions and skills. A session keeps those that it began with. */
  readonly promptBundleKey: string;
}

/**
 * Whether an earlier adapter of this type stored the session: with a working directory and without a place.
 * Its pods had one home for all agents.
 */
function isOfEarlierHome(params: Readonly<Record<string, unknown>> | null): boolean {
  return isSet(params?.["cwd"]) && !isSet(params?.["place"]);
}

/** What of an earlier adapter's session must be in place before it can be gone on with; else `undefined`. */
export function earlierSessionToBring(
  stored: string | undefined,
  params: Readonly<Record<string, unknown>> | null,
  { place, podCwd }: Pick<SessionSurroundings, "place" | "podCwd">,
): { readonly id: string; readonly cwd: string } | undefined {
  const isWanted = stored !== undefined && uuid.test(stored) && isOfEarlierHome(params);
  // Elsewhere the files that the conversation speaks of are not there.
  return isWanted && place !== undefined && params?.["cwd"] === podCwd
    ? { id: stored, cwd: podCwd }
    : undefined;
}

/** Which session to go on with, or why the stored one is not. */
export interface SessionChoice {
  /** For `--resume`; absent for a new session. */
  readonly resume?: string;
  readonly warning?: string;
}

/**
 * The session to pass to `--resume`. `claude` refuses anything but a UUID, and finds a session only where its
 * files lie: without a shared volume they ended with the pod that wrote them.
 *
 * What was not stored is unknown, not different: the host hands over the id alone when it queues a follow-up
 * early.
 * @param brought of an earlier adapter's session: `true` when its file is where pods of ours look, else why not
 */
export function chooseSession(
  stored: string | undefined,
  params: Readonly<Record<string, unknown>> | null,
  now: SessionSurroundings,
  brought: true | string = "it worked in another folder",
): SessionChoice {
  if (stored === undefined) return {};
  const anew = (why: string): SessionChoice => ({
    warning: `the session ${stored} is not resumed and a new one begins: ${why}`,
  });
  if (!uuid.test(stored)) return anew("its id is no UUID");
  if (now.place === undefined)
    return anew("without a volume its files ended with the pod that wrote them");
  if (isOfEarlierHome(params) && brought !== true)
    return anew(
      `it was written by an adapter that kept sessions in a home shared by all agents, and ${brought}`,
    );
  const differs = (key: keyof SessionSurroundings): boolean =>
    isSet(params?.[key]) && isSet(now[key]) && params?.[key] !== now[key];
  if (differs("place")) return anew("its files are in another place");
  if (differs("podCwd")) return anew("it worked in another folder");
  if (differs("workspaceId")) return anew("it is of another workspace");
  if (differs("promptBundleKey")) return anew("instructions or skills have changed since it began");
  return { resume: stored };
}

/** How the host stores a session and shows it. Keys that are not known are kept out of storage. */
export const sessionCodec: AdapterSessionCodec = {
  deserialize: pick,
  serialize: (params) => pick(params),
  getDisplayId: (params) => {
    const id = pick(params)?.["sessionId"];
    return typeof id === "string" ? id : null;
  },
};

/** What is kept, and the names that earlier adapters stored it under. */
const keys: Readonly<Record<string, readonly string[]>> = {
  sessionId: ["session_id"],
  cwd: ["workdir", "folder"],
  podCwd: [],
  place: [],
  promptBundleKey: ["prompt_bundle_key"],
  workspaceId: ["workspace_id"],
  repoUrl: ["repo_url"],
  repoRef: ["repo_ref"],
};

function pick(raw: unknown): Record<string, unknown> | null {
  const params = fieldsOf(raw);
  const kept = Object.entries(keys).flatMap(([key, others]) => {
    const found = [key, ...others].map((name) => params[name]).find(isSet);
    return found === undefined ? [] : [[key, found.trim()] as const];
  });
  return kept.some(([key]) => key === "sessionId") ? Object.fromEntries(kept) : null;
}

function isSet(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
