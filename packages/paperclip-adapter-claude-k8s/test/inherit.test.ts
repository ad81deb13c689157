import { buildRun } from "@claude-k8s/k8s-job-manifest";
import { expect, test } from "vitest";
import { placement, volumes, workingDir } from "../src/run/pod-shape.ts";
import { fromPod, type SelfPodInfo } from "../src/server/self-pod.ts";
import { inherit } from "../src/settings/inherit.ts";
import { parseSettings } from "../src/settings/settings.ts";
import type { Settings } from "../src/settings/types.ts";

const ownFolders = { workspace: { path: workingDir }, claimFolders: [] };

const onSsd = { key: "disk", operator: "In", values: ["ssd"] };
const gpu = { key: "gpu", operator: "Exists" };
const nodeAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [onSsd] }],
  },
};
const addedToEveryPod = {
  key: "node.kubernetes.io/not-ready",
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
};

const pod = {
  spec: {
    nodeName: "node-3",
    imagePullSecrets: [{ name: "registry" }],
    dnsPolicy: "None",
    dnsConfig: { nameservers: ["10.0.0.10"] },
    nodeSelector: { pool: "servers" },
    tolerations: [gpu, addedToEveryPod],
    affinity: { nodeAffinity, podAntiAffinity: {} },
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "server-data" } }],
    containers: [
      { name: "proxy", image: "proxy:1" },
      {
        name: "paperclip",
        image: "paperclip:1",
        volumeMounts: [{ name: "data", mountPath: "/paperclip" }],
      },
    ],
  },
};
const self = fromPod(pod, "server");

const settings = (config: Record<string, unknown> = {}): Settings => parseSettings(config).settings;
const field = { key: "metadata.name", operator: "In", values: ["node-3"] };

test("everything that is left open is taken over from the server's pod, and said", () => {
  const { settings: filled, notes, warnings } = inherit(settings(), self);
  expect(filled).toMatchObject({
    image: "paperclip:1",
    imagePullSecrets: ["registry"],
    dnsPolicy: "None",
    dnsConfig: { nameservers: ["10.0.0.10"] },
    workspaceVolumeClaim: "server-data",
    nodeSelector: { pool: "servers" },
    tolerations: [gpu],
  });
  expect(filled.affinity).toEqual({
    nodeAffinity: {
      ...nodeAffinity,
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, preference: { matchFields: [field] } },
      ],
    },
  });
  expect(notes).toEqual([
    "Taken over from the server's pod: image, pull secrets, DNS, volume claim, scheduling",
  ]);
  expect(warnings).toEqual([]);
});

test.each<[off: string, lost: (keyof Settings)[]]>([
  ["inheritImage", ["image"]],
  ["inheritPullSecrets", ["imagePullSecrets"]],
  ["inheritDns", ["dnsPolicy", "dnsConfig"]],
  ["inheritVolumeClaim", ["workspaceVolumeClaim", "affinity"]],
  ["inheritScheduling", ["nodeSelector", "tolerations", "affinity"]],
])("%s: false leaves out %j and nothing else", (off, lost) => {
  const all = inherit(settings(), self).settings;
  const without = inherit(settings({ [off]: false }), self).settings;
  const differ = Object.keys(all).filter((key) => key !== off && !same(all, without, key));
  expect(differ.toSorted()).toEqual(lost.toSorted());
});

function same(one: Settings, other: Settings, key: string): boolean {
  const at = (of: Settings) => JSON.stringify(of[key as keyof Settings]);
  return at(one) === at(other);
}

test.each<[own: Record<string, unknown>, wanted: object]>([
  [{ image: "mine:1" }, { image: "mine:1" }],
  [{ imagePullSecrets: "mine" }, { imagePullSecrets: ["mine"] }],
  [{ dnsPolicy: "Default" }, { dnsPolicy: "Default", dnsConfig: undefined }],
  [{ dnsConfig: { searches: ["a"] } }, { dnsPolicy: undefined, dnsConfig: { searches: ["a"] } }],
  [{ workspaceVolumeClaim: "mine" }, { workspaceVolumeClaim: "mine", affinity: { nodeAffinity } }],
  [{ nodeSelector: { a: "b" } }, { nodeSelector: { a: "b" }, tolerations: [gpu] }],
  [{ tolerations: [{ key: "a" }] }, { tolerations: [{ key: "a" }] }],
])("what the settings say themselves wins: %j", (own, wanted) => {
  expect(inherit(settings(own), self).settings).toMatchObject(wanted);
});

test("a server outside the cluster hands on nothing, and nothing is said", () => {
  const own = settings({ image: "mine:1", workspaceVolumeClaim: "mine" });
  const { settings: filled, notes, warnings } = inherit(own, { namespace: "default" });
  expect([filled, notes, warnings]).toEqual([own, [], []]);
});

test("Jobs in another namespace do not see the claim, and need pull secrets of their own", () => {
  const { settings: filled, warnings } = inherit(settings({ namespace: "agents" }), self);
  expect(filled.workspaceVolumeClaim).toBeUndefined();
  expect(filled.affinity).toEqual({ nodeAffinity });
  expect(warnings).toEqual([expect.stringContaining("imagePullSecrets registry")]);
  expect(warnings[0]).toContain("agents");
});

test("with the server's claim a pod goes to its node when the claim is of one node", () => {
  const once = inherit(settings({ workspaceAccessMode: "ReadWriteOnce" }), self).settings;
  expect(once.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual({
    nodeSelectorTerms: [{ matchExpressions: [onSsd], matchFields: [field] }],
  });
  const many = inherit(settings({ workspaceAccessMode: "ReadWriteMany" }), self).settings;
  expect(many.affinity).toEqual({ nodeAffinity });
  const one = inherit(settings({ workspaceAccessMode: "ReadWriteOncePod" }), self).settings;
  expect(one.workspaceVolumeClaim).toBeUndefined();
});

test.each<[what: string, mount: object, home: string | undefined, claim: string | undefined]>([
  ["at the usual home", { mountPath: "/paperclip" }, undefined, "server-data"],
  ["above it", { mountPath: "/" }, undefined, "server-data"],
  ["below it", { mountPath: "/paperclip/cache" }, undefined, undefined],
  ["beside it", { mountPath: "/paperclip-old" }, undefined, undefined],
  ["where PAPERCLIP_HOME says", { mountPath: "/srv/" }, "/srv/paperclip", "server-data"],
  ["read-only", { mountPath: "/paperclip", readOnly: true }, undefined, undefined],
])("the server's home is on the claim that is mounted %s", (_what, mount, home, claim) => {
  const env = home === undefined ? [] : [{ name: "PAPERCLIP_HOME", value: home }];
  const volumeMounts = [{ name: "data", mountPath: "/", ...mount }];
  const { volumes: all } = pod.spec;
  const containers = [{ name: "paperclip", env, volumeMounts }];
  expect(fromPod({ spec: { volumes: all, containers } }, "server").volumeClaim).toBe(claim);
});

test.each<[config: Record<string, unknown>, of: SelfPodInfo]>([
  [{}, self],
  [{ workspaceAccessMode: "ReadWriteOnce" }, self],
  [{ image: "i:1" }, { namespace: "server" }],
])(
  "a pod with what was taken over passes validation, and sees its own folders: %j",
  (config, of) => {
    const { settings: filled } = inherit(settings(config), of);
    const { job } = buildRun({
      name: "run",
      namespace: "server",
      labels: {},
      program: { image: filled.image ?? "", argv: ["claude"] },
      volumes: volumes(filled, "agent:a/task:t", ownFolders),
      placement: placement(filled),
    });
    const { volumeMounts = [] } = job.spec.template.spec.containers[0] ?? {};
    const claims = job.spec.template.spec.volumes.filter((one) => one.persistentVolumeClaim);
    const ofClaim = volumeMounts.filter(({ name }) => claims.some((one) => one.name === name));
    expect(ofClaim).toHaveLength(filled.workspaceVolumeClaim === undefined ? 0 : 2);
    // Never the claim's root: the server's own files are there.
    for (const { subPath } of ofClaim)
      expect(subPath).toMatch(/^claude-k8s\/(homes|workspaces)\/./);
  },
);
