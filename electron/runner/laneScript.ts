import { join } from 'node:path'
import { plainCommand } from './plainCommand'
import { singleQuotable } from './quoteContext'
import { type ShellCall, setLimit, type Variables } from './shells'

// What the bash of a lane is told to do, as text.

/** Longer scripts could be more than the system takes as one word of a command line. */
const maxScriptBytes = 60_000
/** A call is handed over in a piece of so many bytes; a longer one lies in a file. */
export const pieceBytes = 2048
/** Names that some shell keeps for itself. */
const kept =
  /^(?:_|[BE]?UID|PPID|PWD|OLDPWD|SHLVL|SHELLOPTS|BASH.*|OPTIND|LINENO|S?RANDOM|(?:EPOCH)?SECONDS|EPOCHREALTIME|IFS|ENV|GROUPS|DIRSTACK|FUNCN.*|PIPESTATUS|HISTCMD|COMP_.*)$/

/** What lets a command run, and its outputs. While they may still be in use the next command has the others. */
export const pipeNames = [0, 1].map((turn) => [`gate${turn}`, `out${turn}`, `err${turn}`])

/*
 * The copy waits for a piece of `pieceBytes` in the pipe `in` and does what it says. Where characters are bytes, bash reads
 * it at once; what the locale is, the step's shell hears at its beginning. With job control the copy leads a process group
 * of its own; the end is waited for without it, because a step that is stopped has not ended. Bash counts in SHLVL how many
 * shells a command is in: a step is in none but its own.
 */
export const laneScript = (
  folder: string,
): string => `mkfifo -m 600 ${['in', ...pipeNames.flat()].map((name) => quoted(join(folder, name))).join(' ')} || exit 1
unset SHLVL
echo ready
while :; do
  set -m
  (IFS= read -r -N ${pieceBytes} piece <${quoted(join(folder, 'in'))}; exec 3>&1 </dev/null; eval "$piece") &
  set +m
  wait $!
  echo "exit $?"
done`

/**
 * What makes a shell of a lane with the environment `env` above `base` wait at the `gate`, a named pipe, and then run a
 * command; null when it cannot.
 */
export function scriptOf(
  asked: ShellCall,
  lane: {
    readonly base: Variables
    readonly env: Variables
    readonly number: number
    readonly gate: string
    readonly outputs: readonly string[]
  },
): string | null {
  const { base = {}, env, command, limitKib } = asked
  const known = (name: string): string | undefined => variableOf(name, lane)
  const wanted = (name: string): string | undefined => variableOf(name, { base, env })
  const bases = base === lane.base ? [] : [base, lane.base] // Of one base nothing can differ but what stands above it.
  const changed = new Set<string>()
  for (const variables of [...bases, lane.env, env])
    for (const name of Object.keys(variables)) if (wanted(name) !== known(name)) changed.add(name)
  for (const name of changed) if (!/^[A-Za-z_]\w*$/.test(name) || kept.test(name)) return null
  const set = (name: string, otherwise: string): string => {
    const value = wanted(name)
    return value === undefined ? `unset ${name}` : `${otherwise}${name}=${quoted(value)}`
  }
  const { cwd } = asked
  const [out, err] = lane.outputs.map(quoted)
  /** Says that it is there, and waits to be let go. */
  const waiting = (pid: string, locale: string): string =>
    `echo "begun ${pid} ${lane.number}" >&3; exec 3>&-; ${locale}; ${setLimit(limitKib)}: <${quoted(lane.gate)}; `
  const locale = set('LC_ALL', '')
  const program = plainCommand(command, { path: wanted('PATH'), cwd })
  const script = [
    ...[...changed].filter((name) => name !== 'LC_ALL').map((name) => set(name, 'export ')),
    program === null
      ? `exec /bin/sh -c ${quoted(waiting('$$', locale) + command)} >${out} 2>${err}`
      : // Bash tells of a locale that the system does not have, where other shells say nothing.
        `exec >${out} 2>${err}; ${waiting('$BASHPID', `{ ${locale}; } 2>/dev/null`)}${program}`,
  ].join('\n')
  return Buffer.byteLength(script) > maxScriptBytes || script.includes('\0') ? null : script
}

function variableOf(
  name: string,
  { base, env }: { readonly base: Variables; readonly env: Variables },
): string | undefined {
  if (Object.hasOwn(env, name)) return env[name]
  return Object.hasOwn(base, name) ? base[name] : undefined
}

export function quoted(text: string): string {
  return `'${singleQuotable(text)}'`
}
