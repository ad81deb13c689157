/** `$0` of the shell; shows in its error messages, as in `claude-k8s-run: exec: claude: not found`. */
const shellName = "claude-k8s-run";

/** Of sysexits.h: an input is not there (EX_NOINPUT). */
const missingExitCode = 66;

/**
 * The container's command: a shell opens the input and is replaced by the program, which so becomes the
 * process that gets SIGTERM. The program and its arguments are the shell's parameters, never its text.
 * Any POSIX shell does: dash, busybox, bash.
 *
 * Of `needs` each is looked for first: `[ -e PATH ] || { printf … >&2; exit 66; };`.
 * One input file: `exec "$@" < FILE`. Several: `cat FILES > JOINED && exec "$@" < JOINED`.
 */
export function command(
  stdin: { readonly files: readonly string[]; readonly joined: string },
  argv: readonly string[],
  needs: readonly string[] = [],
): string[] {
  const [first = "", ...more] = stdin.files;
  const script =
    more.length === 0
      ? `exec "$@" < ${first}`
      : `cat ${stdin.files.join(" ")} > ${stdin.joined} && exec "$@" < ${stdin.joined}`;
  return ["sh", "-c", needs.map(check).join("") + script, shellName, ...argv.map(literally)];
}

function check(path: string): string {
  const quoted = literally(`'${path.replaceAll("'", String.raw`'\''`)}'`);
  const told = `printf '%s: %s is not there\\n' "$0" ${quoted} >&2`;
  return `[ -e ${quoted} ] || { ${told}; exit ${missingExitCode}; }; `;
}

/**
 * Text that stays what it is: the kubelet makes `$` of `$$` and replaces `$(NAME)` in `command`, `args` and
 * literal environment values.
 */
export function literally(text: string): string {
  return text.replaceAll("$", "$$$$"); // `$$` in a replacement stands for one `$`.
}
