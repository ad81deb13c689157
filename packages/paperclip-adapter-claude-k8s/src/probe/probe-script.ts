/** A question that the probe asks from inside the pod, and its answer. */
export interface ProbeReport {
  /** Of `claude --version`: its exit code and the first line it said. Absent: it did not come so far. */
  readonly version?: { readonly exitCode: number; readonly text: string };
  /** Whether a file could be written and removed. Absent: no volume was asked for. */
  readonly volume?: { readonly isWritable: boolean; readonly text: string };
  /** Of `git --version`. Absent: not asked. */
  readonly git?: { readonly exitCode: number; readonly text: string };
  /** Whether the host's address answered. `unknown`: the image has nothing to ask with. Absent: not asked. */
  readonly url?: { readonly answer: "reached" | "failed" | "unknown"; readonly text: string };
  /** The last line of the script was read. */
  readonly isWhole: boolean;
}

/**
 * Asks with what a POSIX shell has. `$0` marks the lines of the report, `$1` is the host's address, `$2` a
 * folder of the volume and `$3` the word `git`, each `""` when it is not to be asked about. Ends with 0 whatever it finds: what counts
 * is in the lines.
 */
export const probeScript: string = `
newline='
'
say() { printf '%s %s\\n' "$0" "$*"; }
text=$(claude --version 2>&1); code=$?
say "version $code \${text%%"$newline"*}"
if [ -n "$2" ]; then
  file="$2/.claude-k8s-probe-$0"
  if text=$({ : > "$file" && rm "$file"; } 2>&1); then say "volume 0"; else say "volume 1 \${text%%"$newline"*}"; fi
fi
if [ -n "$3" ]; then
  text=$(git --version 2>&1); code=$?
  say "git $code \${text%%"$newline"*}"
fi
if [ -n "$1" ]; then
  if command -v curl > /dev/null 2>&1; then
    text=$(curl -sS -m 5 -o /dev/null "$1" 2>&1); code=$?
  elif command -v node > /dev/null 2>&1; then
    text=$(node -e 'fetch(process.argv[1],{signal:AbortSignal.timeout(5000)}).then(()=>process.exit(0),e=>{console.log(String(e.cause?.message||e.message));process.exit(1)})' "$1" 2>&1); code=$?
  elif command -v wget > /dev/null 2>&1; then
    text=$(wget -q -T 5 -O /dev/null "$1" 2>&1); code=$?
    case "$text" in *"HTTP/1"*|*"ERROR 4"*|*"ERROR 5"*) code=0 ;; esac
    [ "$code" = 8 ] && code=0
  else
    text=''; code=none
  fi
  say "url $code \${text%%"$newline"*}"
fi
say end
`;

/** Reads the report out of the container's lines; what else the program said is passed over. */
export function parseProbeReport(mark: string, lines: readonly string[]): ProbeReport {
  const found = new Map<string, { code: string; text: string }>();
  for (const line of lines) {
    if (!line.startsWith(`${mark} `)) continue;
    const [, what = "", code = "", text = ""] =
      /^(\S+) ?(\S*) ?(.*)$/.exec(line.slice(mark.length + 1)) ?? [];
    found.set(what, { code, text: text.trim() });
  }
  const [version, volume, git, url] = ["version", "volume", "git", "url"].map((what) =>
    found.get(what),
  );
  return {
    ...(version === undefined
      ? {}
      : { version: { exitCode: Number(version.code), text: version.text } }),
    ...(volume === undefined
      ? {}
      : { volume: { isWritable: volume.code === "0", text: volume.text } }),
    ...(git === undefined ? {} : { git: { exitCode: Number(git.code), text: git.text } }),
    ...(url === undefined ? {} : { url: { answer: reach(url.code), text: url.text } }),
    isWhole: found.has("end"),
  };
}

function reach(code: string): "reached" | "failed" | "unknown" {
  if (code === "none") return "unknown";
  return code === "0" ? "reached" : "failed";
}
