// `pnpm bench NAME` and `pnpm soak NAME`: run one program of a package, `packages/*/bench/NAME.ts` or
// `packages/*/soak/NAME.ts` (also under `apps/`); without a name they list them.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename } from "node:path";

const [folder = "", name, ...rest] = process.argv.slice(2);
const files = globSync(`{packages,apps}/*/${folder}/*.ts`);
const file = files.find((one) => basename(one, ".ts") === name);
if (file === undefined) {
  const known = files.map((one) => basename(one, ".ts")).join(", ");
  const problem = name === undefined ? `${folder}: which?` : `${folder}: there is no "${name}".`;
  console.error(`${problem} There are: ${known}`);
  process.exitCode = 2;
} else {
  const run = spawnSync(
    process.execPath,
    ["--conditions=@claude-k8s/source", "--expose-gc", file, ...rest],
    { stdio: "inherit" },
  );
  process.exitCode = run.status ?? 1;
}
