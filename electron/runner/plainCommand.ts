import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'

// What a shell would do nothing with but start it needs no shell of its own.

/** Parted by blanks, of characters that no shell reads otherwise, or in single quotes. */
const name = String.raw`[\w./][\w.+/-]*`
const word = String.raw`(?:[\w.,:=@%+/-]|'[^'\n\0]*')+`
const plain = new RegExp(`^(${name})(?:[ \\t]+${word})*[ \\t]*$`)

/** What does the same in every shell, without words. */
const sameEverywhere = new Set(['true', 'false'])

/** Words of some shell, which it does not look for among programs: `sh` may be dash, bash or a Korn shell. */
const words = new Set(
  (
    '. alias autoload bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc declare dirs ' +
    'disown do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts ' +
    'global hash help hist history if in integer jobs kill let local logout mapfile nameref popd ' +
    'print printf pushd pwd read readarray readonly return select set shift shopt source stop suspend test then time ' +
    'times trap true type typeset ulimit umask unalias unset until wait whence while'
  ).split(' '),
)

/**
 * What a bash with the step's environment and folder becomes instead of starting a shell for `command`; null when a shell is
 * needed, or may do it otherwise: it also runs files that the system does not, and says in its own words what it cannot run.
 * A shell that waits for a program tells of a signal that ended it; this says nothing then, like `sh -c` of the program alone.
 * `path` is the step's `PATH`.
 */
export function plainCommand(
  command: string,
  { path, cwd }: { readonly path: string | undefined; readonly cwd: string },
): string | null {
  const called = plain.exec(command)?.[1]
  if (called === undefined) return null
  if (sameEverywhere.has(command.trim())) return command
  if (words.has(called)) return null
  const file = programOf(called, { path, cwd })
  return file !== undefined && isRunnableHere(file) ? `exec ${command}` : null
}

function programOf(
  called: string,
  { path = '', cwd }: { readonly path: string | undefined; readonly cwd: string },
): string | undefined {
  if (called.includes('/')) {
    const file = resolve(cwd, called)
    return isProgram(file) ? file : undefined
  }
  for (const folder of path.split(':')) {
    if (!isAbsolute(folder)) return undefined
    const file = join(folder, called)
    if (isProgram(file)) return file
  }
  return undefined
}

function isProgram(file: string): boolean {
  try {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** So much of a program tells its format, and the kind of machine that it is for (ELF-64, `e_ident` and `e_machine`). */
const headBytes = 20
let own: Buffer | undefined

/** Is it made for this machine, as this process is? The system starts it itself then. */
function isRunnableHere(file: string): boolean {
  const head = headOf(file)
  own ??= headOf(process.execPath)
  if (!head || !own || head.toString('latin1', 0, 4) !== '\x7fELF') return false
  return head.subarray(4, 6).equals(own.subarray(4, 6)) && head.subarray(18).equals(own.subarray(18))
}

function headOf(file: string): Buffer | undefined {
  const head = Buffer.alloc(headBytes)
  try {
    const opened = openSync(file, 'r')
    try {
      return readSync(opened, head, 0, headBytes, 0) === headBytes ? head : undefined
    } finally {
      closeSync(opened)
    }
  } catch {
    return undefined
  }
}
