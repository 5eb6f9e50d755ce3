import { spawn } from 'node:child_process'

/** The line to a run's watchdog. */
export interface Watchdog {
  readonly addGroup: (pgid: number) => void
  readonly removeGroup: (pgid: number) => void
  /** Tells it that nothing is left to end. */
  readonly dismiss: () => void
}

/*
 * It waits as a small shell and becomes a Node process only when there is something to end. What it reads are words of
 * ours and numbers. The signals that it does not hear are those of a terminal that is closed.
 */
const waiting = `trap '' INT TERM HUP
groups=' '
while read -r word value; do
  case $word in
    bye) exit 0 ;;
    group) groups="$groups$value " ;;
    gone) case $groups in *" $value "*) groups="\${groups%% $value *} \${groups#* $value }" ;; esac ;;
  esac
done
exec "$0" "$1" "$2" "$3" $groups`

/** Starts the watchdog of one execution of a run: it ends its processes when this process dies, however it dies. */
export function startWatchdog({
  path,
  execution,
  graceMs,
}: {
  readonly path: string
  readonly execution: string
  readonly graceMs: number
}): Watchdog {
  const child = spawn('/bin/sh', ['-c', waiting, process.execPath, path, execution, String(graceMs)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH ?? '', ELECTRON_RUN_AS_NODE: '1' },
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined) // A watchdog that died must not end the run.
  child.unref()
  const say = (line: string): void => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`)
  }
  /** Where processes are found by what they carry, nobody needs their groups. */
  const sayGroup = (word: string, pgid: number): void => {
    if (process.platform !== 'linux') say(`${word} ${pgid}`)
  }
  return {
    addGroup: (pgid) => sayGroup('group', pgid),
    removeGroup: (pgid) => sayGroup('gone', pgid),
    dismiss: () => {
      say('bye')
      child.stdin.end()
    },
  }
}
