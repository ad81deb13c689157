type Texts = Readonly<Record<string, string>>;

/**
 * Variables by which git works in a folder that belongs to somebody else: a volume's folders are root's, or
 * the server's. git takes this from no file of the folder itself. Entries that are there already are kept; a
 * count that is no number is left for git to complain of.
 * https://git-scm.com/docs/git-config#ENVIRONMENT
 */
export function trusting(env: Texts, folder: string): Record<string, string> {
  const count = Number(env["GIT_CONFIG_COUNT"] ?? "0");
  if (!Number.isSafeInteger(count) || count < 0) return { ...env };
  const added = [folder, `${folder}/*`].flatMap((value, index) => [
    [`GIT_CONFIG_KEY_${count + index}`, "safe.directory"],
    [`GIT_CONFIG_VALUE_${count + index}`, value],
  ]);
  return { ...env, ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(count + 2) };
}
