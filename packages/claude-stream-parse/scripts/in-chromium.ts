import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { program } from "./streams.ts";
import type { Outcome } from "./streams.ts";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** Bundles the package as a web page would, prints its size, and runs the program in a headless browser. */
export function runInChromium(entry: string, folder: string): Outcome | { skipped: string } {
  const bundle = bundled(entry, folder);
  const browser = names.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (browser === undefined) {
    return {
      skipped: `none of ${names.join(", ")} is on the PATH (Debian: apt-get install chromium)`,
    };
  }
  const page = join(folder, "page.html");
  const script = `${bundle};const { createTranscript, verdict } = parser;${program()}
document.getElementById("out").textContent = JSON.stringify({ version: navigator.userAgent.match(/Chrome\\/[\\d.]+/)[0], outcomes });`;
  // In base64, for the streams and the bundle may hold anything, \`</script>\` too.
  const source = Buffer.from(script).toString("base64");
  const run = `eval(new TextDecoder().decode(Uint8Array.from(atob("${source}"), (char) => char.charCodeAt(0))))`;
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>${run}</script>`,
  );
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    `--user-data-dir=${join(folder, "profile")}`,
    "--dump-dom",
  ];
  const dom = execFileSync(browser, [...flags, pathToFileURL(page).href], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 120_000,
  });
  const outcome: Outcome = JSON.parse(textOf(dom));
  return outcome;
}

/** The whole package as one script; prints its size, and that of what most users take of it. */
function bundled(entry: string, folder: string): string {
  const most = join(folder, "most.js");
  writeFileSync(most, `export { createTranscript, verdict } from ${JSON.stringify(entry)};`);
  print("createTranscript and verdict", minified(most, folder));
  const all = minified(entry, folder);
  print("everything", all);
  return all.toString();
}

function print(what: string, bundle: Buffer): void {
  const gzipped = gzipSync(bundle, { level: 9 }).length;
  console.log(`bundle of ${what}: ${bundle.length} bytes minified, ${gzipped} gzipped`);
}

function minified(entry: string, folder: string): Buffer {
  const outfile = join(folder, "bundle.js");
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "parser",
    platform: "browser",
    target: "es2022",
  });
  return readFileSync(outfile);
}

/** The text of the page's one element, as the dump of its DOM escapes it. */
function textOf(dom: string): string {
  const match = /<pre id="out">([\s\S]*?)<\/pre>/.exec(dom);
  const text = match?.[1] ?? "";
  if (text === "") throw new Error(`the page left no outcome: ${dom.slice(0, 500)}`);
  const characters: Record<string, string> = {
    "&lt;": "<",
    "&gt;": ">",
    "&nbsp;": "\u00a0",
    "&amp;": "&",
  };
  return text.replace(/&(?:lt|gt|nbsp|amp);/g, (entity) => characters[entity] ?? entity);
}
