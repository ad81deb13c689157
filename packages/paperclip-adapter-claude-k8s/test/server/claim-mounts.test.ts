import { expect, test } from "vitest";
import { claimMounts, folderOnClaim, sharedFolder } from "../../src/server/claim-mounts.ts";

const volumes = [
  { name: "data", persistentVolumeClaim: { claimName: "server-data" } },
  { name: "repos", persistentVolumeClaim: { claimName: "repos" } },
  { name: "library", persistentVolumeClaim: { claimName: "library", readOnly: true } },
  { name: "config", configMap: { name: "config" } },
];
const mounts = claimMounts(
  [
    { name: "config", mountPath: "/etc/paperclip" },
    { name: "data", mountPath: "/paperclip/", subPath: "./home/" },
    { name: "repos", mountPath: "/paperclip/repos" },
    { name: "library", mountPath: "/library" },
    { name: "data", mountPath: "/scratch", subPathExpr: "$(POD_NAME)" },
  ],
  volumes,
);

test("a container's mounts of claims, and nothing else", () => {
  expect(mounts).toEqual([
    { claim: "server-data", mountPath: "/paperclip", subPath: "home", isReadOnly: false },
    { claim: "repos", mountPath: "/paperclip/repos", subPath: "", isReadOnly: false },
    { claim: "library", mountPath: "/library", subPath: "", isReadOnly: true },
  ]);
});

test.each<[serverPath: string, claim: string, folder: string | undefined]>([
  ["/paperclip/instances/a", "server-data", "home/instances/a"],
  ["/paperclip/instances/../b/", "server-data", "home/b"],
  ["/paperclip", "server-data", "home"],
  ["/paperclip/repos/one", "repos", "one"],
  ["/paperclip/repos", "repos", ""],
  // The inner mount hides what the outer one has there.
  ["/paperclip/repos/one", "server-data", undefined],
  ["/paperclip-old/a", "server-data", undefined],
  ["/paperclip/../etc", "server-data", undefined],
  ["/paperclip/a", "other", undefined],
  // A folder that no mount is known for.
  ["/scratch/a", "server-data", undefined],
])("%s is on the claim %s at %s", (serverPath, claim, folder) => {
  expect(folderOnClaim(mounts, claim, serverPath)).toBe(folder);
});

test("a claim at the file system's root", () => {
  const all = claimMounts([{ name: "data", mountPath: "/" }], volumes);
  expect(folderOnClaim(all, "server-data", "/srv/a")).toBe("srv/a");
  expect(sharedFolder(all, "server-data", "x/y")).toEqual({ onServer: "/x/y", onClaim: "x/y" });
});

test.each([
  ["server-data", { onServer: "/paperclip/x/y", onClaim: "home/x/y" }],
  ["library", undefined],
  ["other", undefined],
])("what the server can write for pods with the claim %s", (claim, folder) => {
  expect(sharedFolder(mounts, claim, "x/y")).toEqual(folder);
});
