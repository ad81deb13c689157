import { asString, parseObject } from "@paperclipai/adapter-utils/server-utils";

/** The host's workspace, as it is stored with a session. */
export function storedWorkspace(context: Record<string, unknown>): Record<string, string> {
  const given = parseObject(context["paperclipWorkspace"]);
  const kept = ["cwd", "workspaceId", "repoUrl", "repoRef"];
  return Object.fromEntries(
    kept.flatMap((key) => {
      const value = asString(given[key], "");
      return value === "" ? [] : [[key, value] as const];
    }),
  );
}
