const causes: ReadonlyMap<string, readonly [cause: string, advice: string]> = new Map([
  ['ENOENT', ['there is no such file or folder', 'Check the path.']],
  ['ENOTDIR', ['its path leads through a file', 'Check the path.']],
  ['EISDIR', ['it is a folder', 'Name a file, or move the folder away.']],
  ['EEXIST', ['something else has its name', 'Move that away, or choose another place.']],
  ['ENOTEMPTY', ['the folder is not empty', 'Empty it, or choose another place.']],
  ['EACCES', ['the permission is missing', 'Ask for access, or act as a user who has it.']],
  ['EPERM', ['the permission is missing', 'Ask for access, or act as a user who has it.']],
  ['EROFS', ['the disk is read-only', 'Make it writable, or choose another place.']],
  ['ENOSPC', ['the disk is full', 'Make room, and try again.']],
  ['EDQUOT', ['the quota of the disk is used up', 'Make room, and try again.']],
  ['EMFILE', ['too many files are open', 'Close some programs, and try again.']],
  ['ENFILE', ['too many files are open', 'Close some programs, and try again.']],
  ['ELOOP', ['its links lead in a circle', 'Mend the link.']],
  ['ENAMETOOLONG', ['its name is too long', 'Choose a shorter one.']],
  ['EBUSY', ['it is in use', 'End what uses it, and try again.']],
  ['ETXTBSY', ['it is in use', 'End what uses it, and try again.']],
  ['EIO', ['the disk reported an error', 'Check the disk.']],
  ['EFBIG', ['it would grow larger than files may', 'Make it smaller.']],
  ['EADDRINUSE', ['another program uses it', 'Choose another one, or end that program.']],
])

/** Why something failed, in words that fit into brackets: the system's codes are told as what they mean. */
export function causeOf(error: unknown): string {
  const code = codeOf(error)
  if (code !== undefined) return causes.get(code)?.[0] ?? `the system says ${code}`
  return error instanceof Error ? error.message : String(error)
}

/** What the system refused, to what, and what to do, as sentences; undefined for anything that tells no such thing. */
export function refusalOf(error: unknown): string | undefined {
  const code = codeOf(error)
  if (code === undefined || !(error instanceof Error) || !('path' in error) || typeof error.path !== 'string')
    return undefined
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  const advice = causes.get(code)?.[1] ?? 'Look at it, and try again.'
  const path = error.path.replace(temporaryName, '$1')
  return `${path === '' ? 'A file without a name' : path} cannot be ${verbOf(call)} (${causeOf(error)}). ${advice}`
}

/** A file is written under such a name before it gets its own. */
const temporaryName = /\.([^/]+)\.tmp-\d+-[0-9a-f]+$/

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}

function verbOf(call: string): string {
  if (call === 'mkdir' || call === 'mkdtemp') return 'made'
  if (call.startsWith('spawn')) return 'started'
  return /^(?:open|read|stat|lstat|scandir|opendir|access|realpath)/.test(call) ? 'opened' : 'changed'
}
