import { spawn } from 'node:child_process'
import { limitMarkTest } from './limitMark'

/** The line to a run's watchdog. */
export interface Watchdog {
  readonly addGroup: (pgid: number) => void
  readonly removeGroup: (pgid: number) => void
  /** Tells it that nothing is left to end. */
  readonly dismiss: () => void
}

const lookMs = 100

/*
 * What it reads are words of ours and numbers. The signals that it does not hear are those of a terminal that is closed.
 * When the runner is gone it does what endProcesses does: TERM, then KILL, until nothing is left that carries the mark of
 * the execution. Arguments: the execution, how many looks it gives them to end by themselves.
 */
const script = (isMarked: string): string => `trap '' INT TERM HUP
groups=' '
while read -r word value; do
  case $word in
    bye) exit 0 ;;
    group) groups="$groups$value " ;;
    gone) case $groups in *" $value "*) groups="\${groups%% $value *} \${groups#* $value }" ;; esac ;;
  esac
done
marked() {
  [ -d /proc/self ] || return
  for file in $(grep -lF "RUNDESK_EXECUTION=$1" /proc/[0-9]*/environ); do
    file=\${file%/environ}
    echo "\${file##*/}"
  done
  grep -E '^Max resident set +[0-9]{17,20} ' /proc/[0-9]*/limits | while read -r file _ _ bytes _; do
    pid=\${file#/proc/}
    pid=\${pid%%/*}
    ${isMarked} || continue
    grep -qF RUNDESK_ATTEMPT= "/proc/$pid/environ"
    [ $? -eq 1 ] || continue
    grep -q '^State:.[ZX]' "/proc/$pid/status" || echo "$pid"
  done
}
alive() {
  for group in $groups; do
    kill -s 0 -- "-$group" && echo "-$group"
  done
}
asked=' '
looks=0
while :; do
  left="$(marked "$1") $(alive)"
  none=yes
  for target in $left; do
    none=
    if [ "$looks" -ge "$2" ]; then
      kill -s KILL -- "$target"
      continue
    fi
    case $asked in
      *" $target "*) ;;
      *) asked="$asked$target "; kill -s TERM -- "$target"; kill -s CONT -- "$target" ;;
    esac
  done
  [ "$none" ] && exit 0
  looks=$((looks + 1))
  sleep ${lookMs / 1_000}
done`

/**
 * Starts the watchdog of one execution of a run: it ends its processes when this process dies, however it dies. A shell is
 * enough for it, so that it needs nothing of Rundesk, whose package may be gone by then and starts no Node.
 */
export function startWatchdog({
  execution,
  graceMs,
}: {
  readonly execution: string
  readonly graceMs: number
}): Watchdog {
  const text = script(limitMarkTest(`RUNDESK_EXECUTION=${execution}`))
  const looks = String(Math.ceil(graceMs / lookMs))
  const child = spawn('/bin/sh', ['-c', text, 'rundesk-watchdog', execution, looks], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH || '/usr/bin:/bin' },
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
