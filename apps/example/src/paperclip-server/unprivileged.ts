import { runCommand } from "../cluster/command.ts";

/** Another user to run as. */
export interface Unprivileged {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom a database server can run as: PostgreSQL refuses to be root, and wants its user to have a name. `nobody`
 * where we are root, ourselves where we are not.
 * @throws ExampleError `EXAMPLE_COMMAND` where there is no `id`
 */
export async function unprivileged(signal: AbortSignal): Promise<Unprivileged | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (which) => {
      const { code, stdout } = await runCommand("id", [which, "nobody"], { signal });
      return code === 0 ? Number(stdout.trim()) : undefined;
    }),
  );
  if (uid === undefined || gid === undefined)
    throw new Error("this process is root, and there is no user nobody for PostgreSQL to run as");
  return { uid, gid };
}
