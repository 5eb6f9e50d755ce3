const allowed =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TERM|TMPDIR|TZ|NODE_[A-Z_]+|GIT_(?:AUTHOR|COMMITTER)_[A-Z]+|(?:HTTPS?|NO|ALL|FTP)_PROXY|(?:https?|no|all|ftp)_proxy|XDG_[A-Z_]+)$/

/**
 * The environment of a step: an allow-list of this process's variables, those that the step names itself, and the
 * runner's own `RUNDESK_…` ones (docs/formats-runner.md).
 */
export function stepEnvironment({
  named,
  own,
}: {
  readonly named: readonly string[]
  readonly own: Readonly<Record<string, string>>
}): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && (allowed.test(key) || named.includes(key))) env[key] = value
  }
  return { ...env, ...own }
}
