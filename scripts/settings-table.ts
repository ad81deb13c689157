// Writes the table of the adapter's settings into its README, from the fields that form and parser use.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { settingsTable } from "../packages/paperclip-adapter-claude-k8s/src/settings/settings-table.ts";

const file = "packages/paperclip-adapter-claude-k8s/README.md";
const begin = "<!-- settings: written by pnpm settings-table -->";
const end = "<!-- /settings -->";
const readme = readFileSync(file, "utf8");
const [before, rest] = readme.split(begin);
const after = rest?.split(end)[1];
if (before === undefined || after === undefined)
  throw new Error(`${file}: ${begin} … ${end} is missing`);
writeFileSync(file, `${before}${begin}\n\n${settingsTable()}\n\n${end}${after}`);
execFileSync("oxfmt", [file], { stdio: "inherit" });
