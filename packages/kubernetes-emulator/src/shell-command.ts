/** A command that a program can be given as arguments and an input file. */
export interface PlainCommand {
  readonly argv: readonly string[];
  readonly stdinPath?: string;
}

/**
 * Understands the one shell form that passes arguments without quoting them:
 *
 *     ["sh", "-c", 'exec PROGRAM "$@" < FILE', NAME, ARGS…]   →   [PROGRAM, ...ARGS], stdin FILE
 *
 * `exec` and the redirection may be missing, FILE may be in single or double quotes, PROGRAM may be
 * followed by plain words, `"$0"` stands for NAME. Any other command is answered as it came.
 */
export function plainCommand(command: readonly string[]): PlainCommand {
  const [shell = "", flag, script = "", name = "", ...rest] = command;
  if (!/^(\/bin\/)?(ba|da|a)?sh$/.test(shell) || flag !== "-c") return { argv: command };
  const form = /^\s*(?:exec\s+)?(.+?)(?:\s*<\s*('[^']*'|"[^"$`\\]*"|[^\s'"$`\\]+))?\s*$/s.exec(
    script,
  );
  const words: string[] = form?.[1]?.match(/"\$@"|"\$0"|[^\s'"$`\\;&|<>(){}*?#~=]+|\S+/g) ?? [];
  const plain = words.every((word) => /^("\$@"|"\$0"|[^\s'"$`\\;&|<>(){}*?#~]+)$/.test(word));
  if (form === null || !plain || !words.includes('"$@"')) return { argv: command };
  const argv = words.flatMap((word) =>
    word === '"$@"' ? rest : word === '"$0"' ? [name] : [word],
  );
  const path = form[2]?.replace(/^(['"])(.*)\1$/s, "$2");
  return path === undefined ? { argv } : { argv, stdinPath: path };
}
