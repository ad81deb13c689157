/** What the script ends with when a person has to change something; else with git's own code. */
export const cloneExit = { noGit: 127, noSuchRef: 65 } as const;

/**
 * Clones `$1` into the working directory: at `$2` (branch, tag, commit; `""`: the default branch), on the
 * branch `$3` (`""`: none of its own), with the login in `CLONE_USERNAME` and `CLONE_PASSWORD` for `$4`, the
 * scheme and host that may ask for one.
 *
 * Begins where an earlier attempt broke off. What it once finished it only fetches into, and what it did not
 * make it leaves alone: files of the working tree are never touched again. History is whole, so that nothing
 * has to be fetched later, when there is no login any more.
 *
 * The login is answered to git's question; it is in no argument, no file and no address. git runs programs
 * that a repository's configuration and hooks name, and the user's: where an agent may have written those, the
 * login is not there. It is used only in a repository that is made here and now, without a home; what is there
 * already is fetched into without it, by a process whose environment never had it (\`/proc\` shows what one
 * began with).
 */
export const cloneScript: string = `
set -u
url=$1 ref=$2 branch=$3 origin=$4
note=.git/claude-k8s-clone
say() { printf 'claude-k8s: %s\\n' "$*" >&2; }
has() { git rev-parse --quiet --verify "$1^{commit}" > /dev/null 2>&1; }
remote() {
  if [ -n "\${CLONE_PASSWORD:-}" ] && [ -n "$origin" ]; then
    git -c credential.helper= -c "credential.$origin.helper=$answer" "$@"
  else
    git "$@"
  fi
}
answer='!f() { [ "$1" = get ] && printf "username=%s\\npassword=%s\\n" "$(printf %s "\${CLONE_USERNAME:-x-access-token}")" "$(printf %s "$CLONE_PASSWORD")"; }; f'

command -v git > /dev/null 2>&1 || { say "the image has no git"; exit ${cloneExit.noGit}; }
state=$(cat "$note" 2> /dev/null)
if [ -z "$state" ]; then
  if [ -f .git ] || [ -f .git/HEAD ]; then
    say "there is a repository of somebody else's; it is left as it is"; exit 0
  fi
  if [ ! -d .git ] && [ -n "$(ls -A)" ]; then
    say "there are files and no repository; they are left as they are"; exit 0
  fi
fi
if [ "$state" = done ]; then
  exec env -u CLONE_USERNAME -u CLONE_PASSWORD sh -c '
    git fetch --quiet origin ||
      echo "claude-k8s: it could not be fetched; what is there is gone on with" >&2'
fi
if [ -n "\${CLONE_PASSWORD:-}" ]; then
  export HOME=/nonexistent
  unset XDG_CONFIG_HOME
  rm -rf .git || exit 1
fi

mkdir -p .git && printf begun > "$note" || exit 1
git -c init.defaultBranch=main init --quiet || exit
git config remote.origin.url "$url" &&
  git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*' || exit
remote fetch --quiet --tags origin || exit

name='' start=''
if [ -n "$ref" ]; then
  name=\${ref#refs/heads/}; name=\${name#refs/remotes/}; name=\${name#origin/}
  if has "refs/remotes/origin/$name"; then
    start="refs/remotes/origin/$name"
  else
    name=''
    if has "refs/tags/$ref"; then start="refs/tags/$ref"
    elif has "$ref"; then start=$ref
    elif remote fetch --quiet -- origin "$ref"; then start=$(git rev-parse FETCH_HEAD)
    else say "the repository has no branch, tag or commit $ref"; exit ${cloneExit.noSuchRef}; fi
  fi
else
  remote remote set-head origin --auto > /dev/null 2>&1
  name=$(git symbolic-ref --quiet --short refs/remotes/origin/HEAD) && name=\${name#origin/}
  [ -n "$name" ] && start="refs/remotes/origin/$name"
  if [ -z "$start" ] && [ -n "$(git for-each-ref --count=1 refs/remotes)" ]; then
    say "the repository has no default branch; name one in repoRef"; exit ${cloneExit.noSuchRef}
  fi
fi

if [ -n "$branch" ] && has "refs/remotes/origin/$branch"; then
  name=$branch start="refs/remotes/origin/$branch"
elif [ -n "$branch" ] && [ -n "$start" ]; then
  git checkout --quiet --force --no-track -B "$branch" "$start" -- || exit
  printf done > "$note"; exit
fi
if [ -z "$start" ]; then
  say "the repository is empty"
  [ -z "$branch" ] || git symbolic-ref HEAD "refs/heads/$branch" || exit
elif [ -n "$name" ]; then
  git checkout --quiet --force --track -B "$name" "$start" -- || exit
else
  git checkout --quiet --force --detach "$start" -- || exit
fi
printf done > "$note"
`;
