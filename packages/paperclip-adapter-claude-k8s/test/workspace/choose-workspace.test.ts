import { buildRun } from "@claude-k8s/k8s-job-manifest";
import { describe, expect, test } from "vitest";
import { AdapterError } from "../../src/errors.ts";
import { volumes } from "../../src/run/pod-shape.ts";
import { parseSettings } from "../../src/settings/settings.ts";
import { chooseWorkspace } from "../../src/workspace/choose-workspace.ts";
import { clonePreparation } from "../../src/workspace/clone.ts";
import { sharedClaim } from "../../src/workspace/shared-claim.ts";

const settings = (config: Record<string, unknown> = {}) => parseSettings(config).settings;
const repository = { url: "https://github.com/acme/site", ref: "main" };
const wanted = { folder: "/srv/site", isWorktree: false, isOfProject: true, repository };
const away = { kind: "none", why: "the run has no volume claim", isSurprise: false } as const;

const cloneOf = (config: Record<string, unknown>, url = repository.url) =>
  chooseWorkspace({ ...wanted, repository: { url } }, away, settings(config)).workspace.clone;

describe("the login of a clone", () => {
  test("is the address's own, else a token of GitHub's for GitHub", () => {
    const env = { GH_TOKEN: "gh" };
    expect(cloneOf({ env })?.login?.password).toBe("gh");
    expect(cloneOf({ env }, "https://t0ken@github.com/a/b")?.login?.password).toBe("t0ken");
    expect(cloneOf({ env }, "https://git.example/a/b")?.login).toBeUndefined();
    expect(cloneOf({})?.login).toBeUndefined();
  });

  test("is the Secret's when one is named: by reference, and no other goes along", () => {
    const config = { repoCredentialsSecret: "git-login", env: { GH_TOKEN: "gh" } };
    const clone = cloneOf(config);
    if (clone === undefined) throw new Error("nothing is cloned");
    const program = {
      image: "agent:1",
      env: { HOME: "/home/claude", PAPERCLIP_RUN_ID: "r", HTTPS_PROXY: "http://proxy" },
      secretEnv: { GH_TOKEN: "gh", ANTHROPIC_API_KEY: "sk", http_proxy: "http://me:pw@proxy" },
      envFrom: { vars: [{ name: "ANTHROPIC_AUTH_TOKEN", valueFrom: {} }] },
    };
    expect(clonePreparation(clone, program, [])).toMatchObject({
      env: {
        HOME: "/home/claude",
        HTTPS_PROXY: "http://proxy",
        GIT_TERMINAL_PROMPT: "0",
        GIT_ALLOW_PROTOCOL: "https:http:ssh:git",
      },
      secretEnv: { http_proxy: "http://me:pw@proxy" },
      envFrom: {
        vars: [
          {
            name: "CLONE_USERNAME",
            valueFrom: { secretKeyRef: { name: "git-login", key: "username", optional: true } },
          },
          {
            name: "CLONE_PASSWORD",
            valueFrom: { secretKeyRef: { name: "git-login", key: "password" } },
          },
        ],
      },
    });
    const made = clonePreparation(clone, program, []);
    expect(made.env).not.toHaveProperty("PAPERCLIP_RUN_ID");
    expect(Object.keys(made.secretEnv ?? {})).toEqual(["http_proxy"]);
  });
});

test("the pod of a clone is one that the API server takes, with the program's amounts and no more", () => {
  const { workspace, claimFolders } = chooseWorkspace(wanted, away, settings());
  if (workspace.clone === undefined) throw new Error("nothing is cloned");
  const program = { image: "agent:1", workingDir: workspace.path, readOnlyRoot: true };
  const mounted = volumes(settings(), "agent:a", { workspace, claimFolders });
  const { job } = buildRun({
    name: "claude-x-h0123456789",
    namespace: "runs",
    labels: {},
    program: { ...program, argv: ["claude"] },
    volumes: mounted,
    preparations: [clonePreparation(workspace.clone, program, mounted)],
  });
  const { containers, initContainers = [] } = job.spec.template.spec;
  expect(initContainers.map(({ name }) => name)).toEqual(["clone-repository"]);
  expect(initContainers[0]?.resources).toEqual(containers[0]?.resources);
  expect(initContainers[0]?.securityContext).toEqual(containers[0]?.securityContext);
  expect(initContainers[0]?.volumeMounts).toEqual(containers[0]?.volumeMounts.slice(1));
});

test("on a claim each repository has a folder of its own, and keeps it", () => {
  const claim = settings({ workspaceVolumeClaim: "data" });
  const folder = (url: string, key = "agent:a") => {
    const { workspace } = chooseWorkspace({ ...wanted, repository: { url } }, away, claim);
    const mounts = volumes(claim, key, { workspace, claimFolders: [] })[0]?.mounts ?? [];
    return mounts.find(({ path }) => path === workspace.path)?.subPath;
  };
  const urls = ["https://git.example/a/b", "https://git.example/a-b", "https://git.example/a/c"];
  const folders = [...urls.map((url) => folder(url)), folder(urls[0] ?? "", "agent:b")];
  expect(new Set(folders).size).toBe(4);
  for (const one of folders) expect(one).toMatch(/^claude-k8s\/repositories\/[\w.-]+\/[\w.-]+$/);
  expect(folder("https://me:pw@git.example/a/b")).toBe(folders[0]);
});

test("a surprise is said, what the settings say already is not", () => {
  const surprise = {
    kind: "none",
    why: "/srv/site: it is the whole claim",
    isSurprise: true,
  } as const;
  const claim = settings({ workspaceVolumeClaim: "data" });
  expect(chooseWorkspace(wanted, surprise, claim).warnings).toEqual([
    "the server's workspace is not mounted: /srv/site: it is the whole claim",
  ]);
  expect(chooseWorkspace(wanted, away, claim).warnings).toEqual([]);
  const general = { ...wanted, isOfProject: false, repository: { url: "/srv/bare" } };
  expect(chooseWorkspace(general, away, claim).warnings).toEqual([
    expect.stringMatching(/^the repository is not cloned: repoUrl must be/),
  ]);
});

test("a refusal names why there is no way, and the three ways out", () => {
  const none = { ...wanted, repository: undefined };
  const { repository: _, ...bare } = none;
  const refused = () => chooseWorkspace(bare, away, settings());
  expect(refused).toThrow(AdapterError);
  expect(refused).toThrow(
    /no volume claim.*names no repository.*workspaceVolumeClaim.*cloneRepo.*requireWorkspace/s,
  );
  expect(chooseWorkspace(bare, away, settings({ requireWorkspace: false })).workspace).toEqual({
    path: "/workspace",
  });
});

test.each<[what: string, config: Record<string, unknown>, self: object, why: string]>([
  ["it is switched off", { inheritWorkspace: false }, {}, "inheritWorkspace is off"],
  ["the run has no claim", { workspaceVolumeClaim: "" }, {}, "no volume claim"],
  ["the server has not that claim", {}, { claimMounts: [] }, "does not have the claim data"],
  ["the run is in another namespace", { namespace: "runs" }, {}, "in runs, the server in server"],
  ["the server's pod is not known", {}, { unread: "forbidden" }, "forbidden"],
])("no folder of the server's is mounted when %s", (_what, config, self, why) => {
  const mounts = [{ claim: "data", mountPath: "/paperclip", subPath: "", isReadOnly: false }];
  const known = { namespace: "server", claimMounts: mounts, ...self };
  const claim = sharedClaim(settings({ workspaceVolumeClaim: "data", ...config }), known);
  expect("why" in claim ? claim.why : "").toContain(why);
  const right = { namespace: "server", claimMounts: mounts };
  expect(sharedClaim(settings({ workspaceVolumeClaim: "data" }), right).kind).toBe("shared");
});
