/** A repository that a pod can clone. */
export interface Repository {
  /** Without a login. */
  readonly url: string;
  /** Scheme and host of an address that asks for a login by HTTP: what a login is given to. */
  readonly origin?: string;
  /** That stood in the address. */
  readonly login?: RepositoryLogin;
}

export interface RepositoryLogin {
  readonly username: string;
  readonly password: string;
}

const schemes: ReadonlySet<string> = new Set(["https:", "http:", "ssh:", "git:"]);
const expected =
  "an address of the scheme https, http, ssh or git, or of the form user@host:path, that pods reach";

/** `user@host:path`, git's short form for ssh. */
const short = /^[\w.-]+@[\w.-]+:[^\s:][^\s]*$/;

/**
 * Reads the address of a repository. Paths and `file:` are refused, for they name the server's own disk; so
 * are git's other transports, which run programs.
 */
export function readRepository(text: string): Repository | { readonly problem: string } {
  if (short.test(text)) return { url: text };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.has(url.protocol) || url.hostname === "" || /\s/.test(text))
    return { problem: `must be ${expected}, not ${JSON.stringify(withoutLogin(text))}` };
  if (!url.protocol.startsWith("http")) return { url: text };
  const login = { username: plain(url.username), password: plain(url.password) };
  url.username = "";
  url.password = "";
  const { origin, href } = url;
  // A token alone stands in the place of the name.
  if (login.password !== "") return { url: href, origin, login };
  if (login.username === "") return { url: href, origin };
  return { url: href, origin, login: { username: "x-access-token", password: login.username } };
}

/**
 * Why git would not take this for the name of a branch, tag or commit; `undefined` when it would. What git
 * forbids in names keeps out options, patterns and refspecs.
 * https://git-scm.com/docs/git-check-ref-format
 */
export function refProblem(ref: string): string | undefined {
  const isName =
    // oxlint-disable-next-line no-control-regex -- these are among what git forbids
    !/[\u0000- ~^:?*[\\\u007F]|\.\.|@\{|\/\/|\/$|\.$|\.lock$/.test(ref) && /^[^-+/.]/.test(ref);
  return isName
    ? undefined
    : `must be the name of a branch, tag or commit, not ${JSON.stringify(ref)}`;
}

/** Names that hosts of the kind of github.com go by. */
const githubHosts = /^https:\/\/(?:[\w-]+\.)*(?:github\.com|ghe\.com)$/;

/** A token of the agent's own that such a host takes; `gh` looks at the same variables in this order. */
export function githubLogin(
  origin: string | undefined,
  variables: Readonly<Record<string, string>>,
): RepositoryLogin | undefined {
  const password = variables["GH_TOKEN"] || variables["GITHUB_TOKEN"];
  if (!password || origin === undefined || !githubHosts.test(origin)) return undefined;
  return { username: "x-access-token", password };
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded; // A lone % stands for itself.
  }
}

/** Of an address that is shown to people. */
function withoutLogin(text: string): string {
  return text.replace(/:\/\/[^/?#\s]*@/, "://");
}
