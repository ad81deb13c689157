import { inputDirectory } from "./input.ts";

/** `$0` of the shell; shows in its error messages, as `claude-k8s-run: exec: …: not found`. */
const shellName = "claude-k8s-run";

/**
 * The container's command: a shell opens the input and is replaced by the program, which so becomes the
 * process that gets SIGTERM. The program and its arguments are the shell's parameters, never its text.
 * Any POSIX shell does: dash, busybox, bash.
 */
export function command(stdinFiles: readonly string[], argv: readonly string[]): string[] {
  return ["sh", "-c", script(stdinFiles), shellName, ...argv.map(literally)];
}

function script(stdinFiles: readonly string[]): string {
  const [first = ""] = stdinFiles;
  return `exec "$@" < ${inputDirectory}/${first}`;
}

/**
 * Text that stays what it is: the kubelet makes `$` of `$$` and replaces `$(NAME)` in `command`, `args` and
 * literal environment values.
 */
export function literally(text: string): string {
  return text.replaceAll("$", "$$$$"); // `$$` in a replacement stands for one `$`.
}
