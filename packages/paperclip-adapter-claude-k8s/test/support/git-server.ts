import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** Whether this machine has git; tests that need it say so when it has not. */
export const hasGit: boolean = spawnSync("git", ["--version"]).status === 0;

/** A repository that is served over HTTP by git's own server program. */
export interface GitServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly url: string;
  /** Of the server's repository. */
  git(...args: string[]): string;
  /** Adds a commit to a branch, made when it is not there. */
  commit(branch: string, file: string, content: string): Promise<string>;
  /** Logins that were shown, oldest first; `""`: none. */
  readonly logins: string[];
  /** Answered before git is asked: a status. */
  status: number | undefined;
}

export interface GitServerOptions {
  /** `name:password` that is asked for. */
  readonly login?: string;
}

/** A repository with the branch `trunk`, which is its default. */
export async function gitServer({ login }: GitServerOptions = {}): Promise<GitServer> {
  const root = await mkdtemp(path.join(tmpdir(), "git-server-"));
  const [bare, work] = [path.join(root, "project.git"), path.join(root, "work")];
  run(root, ["init", "--quiet", "--bare", "--initial-branch=trunk", bare]);
  run(bare, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  await mkdir(work);
  run(work, ["init", "--quiet", "--initial-branch=trunk"]);
  run(work, ["remote", "add", "origin", bare]);
  const logins: string[] = [];
  const server = createServer((request, response) => {
    const [, shown = ""] = request.headers.authorization?.split(" ") ?? [];
    logins.push(Buffer.from(shown, "base64").toString());
    if (served.status !== undefined) return void response.writeHead(served.status).end();
    if (login !== undefined && logins.at(-1) !== login)
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    return backend(root, request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const served: GitServer = {
    origin,
    url: `${origin}/project.git`,
    logins,
    status: undefined,
    git: (...args) => run(bare, args),
    async commit(branch, file, content) {
      const known = run(work, ["branch", "--list", branch]) !== "";
      run(work, ["checkout", "--quiet", ...(known ? [branch] : ["-B", branch])]);
      await writeFile(path.join(work, file), content);
      run(work, ["add", file]);
      run(work, ["commit", "--quiet", "-m", `${file} of ${branch}`]);
      run(work, ["push", "--quiet", "origin", branch]);
      return run(work, ["rev-parse", "HEAD"]);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  };
  return served;
}

function run(cwd: string, args: readonly string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const { status, stdout, stderr } = spawnSync("git", [...who, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** CGI: what goes before the empty line of the answer is its head. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://git");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  child.on("close", () => {
    const whole = Buffer.concat(chunks);
    const at = whole.indexOf("\r\n\r\n");
    const fields = whole
      .subarray(0, at)
      .toString()
      .split("\r\n")
      .map((line) => line.split(": "));
    const head = Object.fromEntries(fields.filter(([name]) => name !== "Status"));
    const status = fields.find(([name]) => name === "Status")?.[1] ?? "200";
    response.writeHead(Number.parseInt(status, 10), head).end(whole.subarray(at + 4));
  });
}
