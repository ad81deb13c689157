import {
  asString,
  parseObject,
  rewriteWorkspaceCwdEnvVarsForExecution,
} from "@paperclipai/adapter-utils/server-utils";
import { homeVariables } from "../run/pod-shape.ts";
import { isLoopback } from "./pod-url.ts";
import { type EnvironmentSource, type PodFolders, runEnvironment } from "./run-environment.ts";

type Texts = Record<string, string>;

/** The program's environment: what may be read in the Job, and what only its Secret may hold. */
export interface Environment {
  readonly env: Texts;
  readonly secretEnv: Texts;
}

/**
 * What pods may take over from the server's own environment: how to reach the model's provider, nothing of
 * the server itself.
 */
const inherited =
  /^(ANTHROPIC_\w+|CLAUDE_CODE_(OAUTH_TOKEN|USE_\w+|SKIP_\w+_AUTH)|AWS_(REGION|DEFAULT_REGION|BEARER_TOKEN_BEDROCK)|CLOUD_ML_REGION|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|LANG|LC_\w+|TZ)$/;

/** True for variables of the server that its pods may have. */
export function isInherited(name: string): boolean {
  return inherited.test(name);
}

/** Folders and logins of the server's own machine, which the host adds to every agent's environment. */
const ofTheServer =
  /^(TMPDIR|TEMP|TMP|GH_CONFIG_DIR|PAPERCLIP_((RUN_|TASK_)?SCRATCH_DIR|TMPDIR|GITHUB_\w+|RUNNER_NETWORK_\w+|GIT_METADATA_ROOTS))$/;

/** Where the program lives in the pod; other places end with it, or are the server's. */
const fixed = new Set(Object.keys(homeVariables));

const soundsSecret =
  /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|COOKIE|DSN|AUTH|HEADERS)(_|$)|(^|_)(PAT|PWD|PASS)(_|$)|DATABASE_URL/i;

/** A login in a URL, such as a proxy's or a repository's. */
const holdsLogin = /:\/\/[^/?#\s]*@/;

/**
 * Later wins: what the server's pod hands on, the agent's own variables, then what the host says of this run.
 * The one exception is `PAPERCLIP_API_URL`: only an operator knows an address that pods can reach.
 */
export function buildEnvironment(
  source: EnvironmentSource,
  own: Readonly<Texts>,
  serverEnv: Readonly<Texts>,
  pod: PodFolders & { readonly paperclipUrl?: string | undefined },
): Environment {
  const handedOn = pick(serverEnv, isInherited);
  const hasHostGit = own["PAPERCLIP_GITHUB_BROKER_URL"] !== undefined;
  const configured = rewriteWorkspaceCwdEnvVarsForExecution({
    // With its own GitHub login the host puts a folder of its launchers in front of PATH.
    env: pick(
      own,
      (name) => !ofTheServer.test(name) && !fixed.has(name) && !(hasHostGit && name === "PATH"),
    ),
    workspaceCwd: asString(parseObject(source.context["paperclipWorkspace"])["cwd"], ""),
    executionCwd: pod.cwd,
    executionTargetIsRemote: true,
  });
  const ofRun = runEnvironment(source, pod);
  const apiUrl = pod.paperclipUrl ?? own["PAPERCLIP_API_URL"];
  const all: Texts = {
    ...handedOn,
    ...configured,
    ...ofRun,
    ...(apiUrl === undefined ? {} : { PAPERCLIP_API_URL: apiUrl }),
    PAPERCLIP_SCRATCH_DIR: "/tmp",
  };
  const bound = new Set(boundNames(source.context));
  const isSecret = (name: string): boolean =>
    bound.has(name) ||
    soundsSecret.test(name) ||
    holdsLogin.test(all[name] ?? "") ||
    name === "PAPERCLIP_WAKE_PAYLOAD_JSON";
  return { env: pick(all, (name) => !isSecret(name)), secretEnv: pick(all, isSecret) };
}

/** What the host says of a run, whatever the agent's own variables say. */
const ofTheHost = [
  "PAPERCLIP_AGENT_ID",
  "PAPERCLIP_API_KEY",
  "PAPERCLIP_COMPANY_ID",
  "PAPERCLIP_RUN_ID",
  "PAPERCLIP_TASK_ID",
];

/** Variables of the agent's that do not have the effect that they may be there for, each in words. */
export function ownVariableWarnings(
  own: Readonly<Texts>,
  { env, secretEnv }: Environment,
): string[] {
  const given = { ...env, ...secretEnv };
  const overruled = ofTheHost.filter(
    (name) => own[name] !== undefined && own[name] !== given[name],
  );
  const homes = [...fixed].filter(
    (name) => own[name] !== undefined && own[name] !== homeVariables[name],
  );
  return [
    ...overruled.map(
      (name) => `env sets ${name}, which was left out: the host says it for each run`,
    ),
    ...homes.map(
      (name) =>
        `env sets ${name}, which was left out: settings, login and sessions have a fixed place in the pod, ${homeVariables[name]}`,
    ),
  ];
}

/** The server's default address is its own loopback, where a pod finds only itself. */
export function apiUrlWarning({ env }: Environment): string | undefined {
  const url = env["PAPERCLIP_API_URL"];
  return url !== undefined && isLoopback(url)
    ? `the program is given PAPERCLIP_API_URL=${url}, which no pod can reach; set paperclipUrl to an address that pods can`
    : undefined;
}

/** Names of variables whose values the host keeps as secrets. */
function boundNames(context: Record<string, unknown>): string[] {
  const manifest = parseObject(context["paperclipSecrets"])["manifest"];
  return Array.isArray(manifest)
    ? manifest.map((entry) => asString(parseObject(entry)["envKey"], ""))
    : [];
}

function pick(texts: Readonly<Texts>, wanted: (name: string) => boolean): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => wanted(name)));
}
