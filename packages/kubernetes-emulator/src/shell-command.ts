/** A command that a program can be given as arguments and input files, one after the other. */
export interface PlainCommand {
  readonly argv: readonly string[];
  readonly stdinPaths?: readonly string[];
  /** What must be there, else the command ends with this code and this line. */
  readonly needs?: readonly {
    readonly path: string;
    readonly code: number;
    readonly says: string;
  }[];
}

/** A look whether something is there, before the command: says what is not, and ends. */
const looking =
  /^\[ -e '([^']*)' \] \|\| \{ printf '%s: %s is not there\\n' "\$0" '\1' >&2; exit (\d+); \}; /;

/** The pieces of an input put together in a file, before the command that reads it. */
const joining = /^cat ((?:[\w./-]+ )+)> ([\w./-]+) && (.*)$/s;

/**
 * Understands the one shell form that passes arguments without quoting them:
 *
 *     ["sh", "-c", 'exec PROGRAM "$@" < FILE', NAME, ARGS…]   →   [PROGRAM, ...ARGS], stdin FILE
 *
 * `exec` and the redirection may be missing, FILE may be in single or double quotes, PROGRAM may be
 * followed by plain words, `"$0"` stands for NAME. Any other command is answered as it came. An input in
 * pieces may be put together first: `cat A B > FILE && exec … < FILE` has the stdin A, then B. Before all
 * that, paths may be looked for: `[ -e 'PATH' ] || { printf …; exit CODE; }; `.
 */
export function plainCommand(command: readonly string[]): PlainCommand {
  const [shell = "", flag, script = "", name = "", ...rest] = command;
  if (!/^(\/bin\/)?(ba|da|a)?sh$/.test(shell) || flag !== "-c") return { argv: command };
  const { needs, rest: working } = looks(script, name);
  const [, pieces, joined, reading = working] = joining.exec(working) ?? [];
  const form = /^\s*(?:exec\s+)?(.+?)(?:\s*<\s*('[^']*'|"[^"$`\\]*"|[^\s'"$`\\]+))?\s*$/s.exec(
    reading,
  );
  const words: string[] = form?.[1]?.match(/"\$@"|"\$0"|[^\s'"$`\\;&|<>(){}*?#~=]+|\S+/g) ?? [];
  const plain = words.every((word) => /^("\$@"|"\$0"|[^\s'"$`\\;&|<>(){}*?#~]+)$/.test(word));
  if (form === null || !plain || !words.includes('"$@"')) return { argv: command };
  const argv = words.flatMap((word) =>
    word === '"$@"' ? rest : word === '"$0"' ? [name] : [word],
  );
  const needed = needs.length === 0 ? {} : { needs };
  const path = form[2]?.replace(/^(['"])(.*)\1$/s, "$2");
  if (pieces !== undefined)
    return path === joined
      ? { argv, stdinPaths: pieces.trim().split(" "), ...needed }
      : { argv: command };
  return path === undefined ? { argv, ...needed } : { argv, stdinPaths: [path], ...needed };
}

function looks(
  script: string,
  name: string,
): { readonly needs: NonNullable<PlainCommand["needs"]>; readonly rest: string } {
  const needs: { path: string; code: number; says: string }[] = [];
  let rest = script;
  for (let found = looking.exec(rest); found !== null; found = looking.exec(rest)) {
    const [text, path = "", code] = found;
    needs.push({ path, code: Number(code), says: `${name}: ${path} is not there\n` });
    rest = rest.slice(text.length);
  }
  return { needs, rest };
}
