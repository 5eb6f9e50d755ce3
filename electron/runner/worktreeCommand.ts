import type { FileStep } from '../../shared/workflowStep'

/**
 * The command of a worktree step: it makes the worktree, or finds the one that an earlier try made for the same branch,
 * and prints its folder. `{{steps.x.output}}` and `{{state.k}}` in its texts stay templates, to be filled in when the step
 * starts. The folder stays inside the one that the step runs in.
 */
export function worktreeCommand(
  step: Pick<FileStep, 'name' | 'branch' | 'baseBranch' | 'path' | 'createBranch'>,
): string {
  const path = step.path ?? `.worktrees/${step.name}`
  return `${assign('branch', step.branch ?? '')}
${assign('base', step.baseBranch ?? 'HEAD')}
${assign('folder', path)}
create=${step.createBranch === false ? 'no' : 'yes'}
${script}`
}

/** Contents go in without the line ends that outputs of steps have at their end. */
function assign(name: string, text: string): string {
  const parts = text.split(/(\{\{\s*\w[\w.-]*\s*\}\})/)
  const words = parts.map((part, index) =>
    index % 2 === 1 ? `$(printf '%s' "${part}")` : part.replace(/[\\$`"]/g, '\\$&'),
  )
  return `${name}="${words.join('')}"`
}

const script = String.raw`root=$(pwd -P)
fail() { printf '%s\n' "$1" >&2; exit 1; }
case $branch in '') fail 'The branch is empty.' ;; -*) fail "\"$branch\" is no name of a branch." ;; esac
case $base in '') base=HEAD ;; -*) fail "\"$base\" is no name of a branch." ;; esac
case $folder in /*) ;; *) folder=$root/$folder ;; esac
case /$folder/ in */../* | */./*) fail "The path \"$folder\" must be plain: without . and .. in it." ;; esac
case $folder in "$root"/?*) ;; *) fail "The path \"$folder\" leads outside of $root." ;; esac
common() { (cd "$1" && cd "$(git rev-parse --git-common-dir)" && pwd -P); }
ours() {
  test -e "$folder/.git" && test "$(common "$folder")" = "$(common .)" &&
    test "$(git -C "$folder" symbolic-ref --quiet --short HEAD)" = "$branch"
}
unfinished() { test "$(cat "$(git -C "$folder" rev-parse --absolute-git-dir)/locked" 2> /dev/null)" = initializing; }
if ours; then
  unfinished || { printf '%s\n' 'The worktree is there already.' >&2; printf '%s' "$folder"; exit 0; }
  git worktree remove --force --force "$folder" >&2
fi
if git rev-parse --verify --quiet "$branch^{commit}" > /dev/null; then
  git worktree add "$folder" "$branch" >&2 || exit
elif test "$create" = yes; then
  git worktree add -b "$branch" "$folder" "$base" >&2 || exit
else
  fail "The branch \"$branch\" does not exist, and createBranch is false."
fi
printf '%s' "$folder"`
