const allowed =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TERM|TMPDIR|TZ|NODE_[A-Z_]+|GIT_(?:AUTHOR|COMMITTER)_[A-Z]+|(?:HTTPS?|NO|ALL|FTP)_PROXY|(?:https?|no|all|ftp)_proxy|XDG_[A-Z_]+)$/

/** Those of this process's variables that every step sees (docs/formats-runner.md). */
export function allowedEnvironment(): Readonly<Record<string, string>> {
  const env: Record<string, string> = {}
  for (const [key, value] of Object.entries(process.env)) if (value !== undefined && allowed.test(key)) env[key] = value
  return env
}

/** What a step sees besides: the variables that it names itself, and the runner's own `RUNDESK_…` ones. */
export function stepVariables({
  named,
  own,
}: {
  readonly named: readonly string[]
  readonly own: Readonly<Record<string, string>>
}): Record<string, string> {
  const env: Record<string, string> = {}
  for (const key of named) {
    const value = process.env[key]
    if (value !== undefined) env[key] = value
  }
  return Object.assign(env, own)
}
