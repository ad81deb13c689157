import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** A package that is in the bundle, with the licence that must go along. */
interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * Writes into `outFile` the licence of each package of others that the entries hold: who copies their code
 * has to copy those along.
 * @throws Error when such a package has no licence file and names no licence
 */
export function collectLicences(outFile: string): Plugin {
  return {
    name: "collect-licences",
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return;
        const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
          Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
            bytesInOutput > 0 ? (packageFolder(file) ?? []) : [],
          ),
        );
        const packages = [...new Set(used)].map(licenceOf);
        mkdirSync(path.dirname(outFile), { recursive: true });
        writeFileSync(outFile, text(packages));
      });
    },
  };
}

/** Folder of the installed package that a file is of; `undefined` for this repository's own. */
function packageFolder(file: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

function licenceOf(folder: string): Bundled {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an installed package's manifest has these
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(file))
    .toSorted()
    .map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  if (texts.length === 0 && manifest.license === undefined)
    throw new Error(`${manifest.name} is bundled, and has no licence: ${folder}`);
  const { name, version } = manifest;
  return { name, version, licence: texts.join("\n\n") || `License: ${manifest.license}` };
}

function text(packages: readonly Bundled[]): string {
  const parts = packages
    .map(({ name, version, licence }) => `${name} ${version}\n\n${licence}\n`)
    .toSorted();
  return ["This package holds code of the following packages.\n", ...new Set(parts)].join(
    `\n${"-".repeat(80)}\n\n`,
  );
}
