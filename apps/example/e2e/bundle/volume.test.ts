// Skills and instructions on the claim of a server that runs in a pod of the cluster.
import { buildRole } from "@claude-k8s/k8s-job-manifest";
import { parsed } from "../../src/json.ts";
import { clusterAddress, test } from "../cluster.ts";
import { runOfServerPod, type ServerPod } from "../manifest/server-pod.ts";
import { probeFiles, probeName, probePath, type Seen, sha256 } from "./probe-skill.ts";
import { sharedVolume } from "./shared-volume.ts";

const skill = `.claude/skills/${probeName}`;
const instructions = { "AGENTS.md": "Read ./TOOLS.md.", "TOOLS.md": "Tools." };

/** Every file as a mount of its own: what a Secret's volume shows are links. */
function mounts(name: string, folder: string, files: Readonly<Record<string, string>>): object[] {
  return Object.keys(files).map((file) => {
    return { name, mountPath: `${folder}/${file}`, subPath: file };
  });
}

function server(url: string, claim: string): ServerPod {
  const { rules } = buildRole({ name: "server", namespace: "any" });
  return {
    rules,
    secrets: { skill: probeFiles, instructions },
    container: {
      env: [{ name: "PAPERCLIP_API_URL", value: url }],
      volumeMounts: [
        { name: "home", mountPath: "/paperclip", subPath: "server" },
        ...mounts("skill", "/srv/skill", probeFiles),
        ...mounts("instructions", "/srv/instructions", instructions),
      ],
    },
    pod: {
      volumes: [
        { name: "home", persistentVolumeClaim: { claimName: claim } },
        { name: "skill", secret: { secretName: "skill", defaultMode: 0o555 } },
        { name: "instructions", secret: { secretName: "instructions" } },
      ],
    },
    agent: {
      env: { PATH: probePath },
      instructionsBundleMode: "managed",
      instructionsRootPath: "/srv/instructions",
      instructionsFilePath: "/srv/instructions/AGENTS.md",
      paperclipRuntimeSkills: [
        {
          key: probeName,
          runtimeName: probeName,
          source: "/srv/skill",
          sourceStatus: "available",
        },
      ],
      paperclipSkillSync: { desiredSkills: [probeName] },
    },
  };
}

test("a run of a server in a pod finds them on the server's own claim, read-only and with its script, and what was tampered with is replaced", async ({
  cluster,
  expect,
}) => {
  await using volume = await sharedVolume(cluster);
  await volume.run(
    `import fs from "node:fs"; fs.mkdirSync("/volume/server"); fs.chmodSync("/volume/server", 0o777);`,
  );
  const pod = server(await clusterAddress(cluster), volume.claim);
  const first = await runOfServerPod(cluster, pod);
  const said = first.report.said.join("\n");
  expect(first.report.errorMessage, said).toBeNull();
  expect(said).not.toContain("warning");
  const seen = parsed<Seen>(first.report.summary ?? "");
  for (const [name, text] of Object.entries(probeFiles))
    expect(seen.files[`${skill}/${name}`]?.sha256).toBe(sha256(text));
  expect(seen.files[`${skill}/claude`]?.runs).toBe(true);
  expect(seen.files["instructions/TOOLS.md"]).toEqual({ sha256: sha256("Tools."), runs: false });
  expect([seen.uid, seen.writing]).toEqual([1000, "EROFS"]);

  const bundles = "/volume/server/claude-k8s/bundles";
  const listed = await volume.run(
    `import fs from "node:fs"; console.log(fs.readdirSync("${bundles}").filter((name) => name[0] !== ".").join());`,
  );
  const key = listed.trim();
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(first.job)).toContain(`"subPath":"server/claude-k8s/bundles/${key}"`);
  const values = first.secrets.flatMap(({ data = {} }) => Object.values(data));
  const texts = values.map((text) => Buffer.from(text, "base64").toString());
  expect(texts.filter((text) => text.includes("Says what the pod has"))).toEqual([]);

  await volume.run(
    `import fs from "node:fs"; fs.appendFileSync("${bundles}/${key}/instructions/TOOLS.md", "Not mine.");`,
  );
  const second = await runOfServerPod(cluster, { ...pod, name: "second" });
  const again = second.report.said.join("\n");
  expect(second.report.errorMessage, again).toBeNull();
  expect(again).toContain("was replaced: instructions/TOOLS.md has another content");
  const { files } = parsed<Seen>(second.report.summary ?? "");
  expect(files["instructions/TOOLS.md"]?.sha256).toBe(sha256("Tools."));
});
