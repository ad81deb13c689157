// `pnpm bench NAME`: runs one benchmark of a package, `packages/*/bench/NAME.ts`; without a name it lists them.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename } from "node:path";

const files = globSync("packages/*/bench/*.ts");
const [name, ...rest] = process.argv.slice(2);
const file = files.find((one) => basename(one, ".ts") === name);
if (file === undefined) {
  const known = files.map((one) => basename(one, ".ts")).join(", ");
  console.error(
    name === undefined
      ? `Which benchmark? There are: ${known}`
      : `There is no benchmark "${name}". There are: ${known}`,
  );
  process.exitCode = 2;
} else {
  const run = spawnSync(
    process.execPath,
    ["--conditions=@claude-k8s/source", "--expose-gc", file, ...rest],
    { stdio: "inherit" },
  );
  process.exitCode = run.status ?? 1;
}
