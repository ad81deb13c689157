import type { EnvVar, Preparation, Program, RunVolume } from "@claude-k8s/k8s-job-manifest";
import { cloneScript } from "./clone-script.ts";
import type { RepositoryLogin } from "./repository.ts";

/** A repository that is cloned into the workspace before the program starts. */
export interface RepositoryClone {
  /** Without a login. */
  readonly url: string;
  /** Scheme and host that a login is given to; absent where none is asked for. */
  readonly origin?: string;
  readonly ref?: string;
  readonly branch?: string;
  /** Name of an existing Secret with `username` and `password`. Goes before `login`. */
  readonly credentialsSecret?: string;
  readonly login?: RepositoryLogin;
}

/** What the program and its clone have in common. */
export type ProgramParts = Pick<
  Program,
  | "image"
  | "imagePullPolicy"
  | "env"
  | "secretEnv"
  | "envFrom"
  | "workingDir"
  | "readOnlyRoot"
  | "resources"
>;

/** Name of the container that clones, in every pod that has one. */
export const cloneName = "clone-repository";

/** Of the program's variables: its home, the way into the network, and what git itself reads. */
const ofGit =
  /^(HOME|GIT_\w+|SSL_CERT_(FILE|DIR)|https?_proxy|HTTPS?_PROXY|(no|all)_proxy|(NO|ALL)_PROXY|LANG|LC_\w+)$/;

/** Nobody answers questions, and only transports that reach another machine are used. */
const quiet = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_ALLOW_PROTOCOL: "https:http:ssh:git",
} as const;
const quietSsh = "ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new";

/**
 * The container that clones: of the program's own image and in its folders, with what git needs of its
 * variables and none of its logins but the repository's.
 */
export function clonePreparation(
  clone: RepositoryClone,
  program: ProgramParts,
  volumes: readonly RunVolume[],
): Preparation {
  const { url, ref = "", branch = "", origin = "" } = clone;
  // Where none is asked for there is nothing to have.
  const { credentialsSecret, login } = origin === "" ? {} : clone;
  const ssh = Object.hasOwn(program.env ?? {}, "GIT_SSH_COMMAND")
    ? {}
    : { GIT_SSH_COMMAND: quietSsh };
  return {
    ...program,
    name: cloneName,
    argv: ["sh", "-c", cloneScript, cloneName, url, ref, branch, origin],
    env: { ...ssh, ...picked(program.env), ...quiet },
    secretEnv: {
      ...picked(program.secretEnv),
      ...(login === undefined || credentialsSecret !== undefined
        ? {}
        : { CLONE_USERNAME: login.username, CLONE_PASSWORD: login.password }),
    },
    envFrom: {
      vars: [
        ...(program.envFrom?.vars ?? []).filter(({ name }) => ofGit.test(name)),
        ...(credentialsSecret === undefined ? [] : fromSecret(credentialsSecret)),
      ],
    },
    mounts: volumes.flatMap(({ name, mounts }) =>
      mounts.map((mount) => ({ ...mount, volume: name })),
    ),
  };
}

/**
 * By the keys of the type `kubernetes.io/basic-auth`, of which the name may be missing.
 * https://kubernetes.io/docs/concepts/configuration/secret/#basic-authentication-secret
 */
function fromSecret(name: string): EnvVar[] {
  const username = { name, key: "username", optional: true };
  return [
    { name: "CLONE_USERNAME", valueFrom: { secretKeyRef: username } },
    { name: "CLONE_PASSWORD", valueFrom: { secretKeyRef: { name, key: "password" } } },
  ];
}

function picked(variables: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => ofGit.test(name)));
}
