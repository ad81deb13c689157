import { fieldsOf } from "../untyped.ts";
import type { AdapterExecutionContext, AdapterSessionCodec } from "@paperclipai/adapter-utils";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The session that the host last stored for this task, whatever it looks like: it is what Jobs are labelled with. */
export function storedSession(runtime: AdapterExecutionContext["runtime"]): string | undefined {
  const id = runtime.sessionParams?.["sessionId"] ?? runtime.sessionId;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/**
 * The session to pass to `--resume`; `undefined` for a new one.
 *
 * `claude` refuses anything but a UUID, and finds a session only where its files lie: without a shared volume
 * they ended with the pod that wrote them. A place that was not stored is unknown, not another.
 */
export function resumableSession(
  stored: string | undefined,
  params: Readonly<Record<string, unknown>> | null,
  place: string | undefined,
): string | undefined {
  if (stored === undefined || place === undefined || !uuid.test(stored)) return undefined;
  return (params?.["place"] ?? place) === place ? stored : undefined;
}

/** How the host stores a session and shows it. Keys that are not known are kept out of storage. */
export const sessionCodec: AdapterSessionCodec = {
  deserialize: pick,
  serialize: (params) => pick(params),
  getDisplayId: (params) => {
    const id = params?.["sessionId"];
    return typeof id === "string" ? id : null;
  },
};

function pick(raw: unknown): Record<string, unknown> | null {
  const params = fieldsOf(raw);
  const kept = ["sessionId", "cwd", "place", "workspaceId", "repoUrl", "repoRef"].flatMap((key) =>
    typeof params[key] === "string" && params[key] !== "" ? [[key, params[key]] as const] : [],
  );
  return kept.some(([key]) => key === "sessionId") ? Object.fromEntries(kept) : null;
}
