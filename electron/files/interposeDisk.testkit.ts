import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { resolve, sep } from 'node:path'
import { type DiskCall, fileCalls, type OpenFile, pathCalls, toBytes } from './diskCalls.testkit'

/**
 * What happens instead of a call: the first `bytes` of a write reach the file, then `end` gives the error, or kills.
 * Without `end` a write is short, as on a disk that is about to be full.
 */
export interface DiskFault {
  readonly bytes: number
  readonly end?: () => Error
}

export interface DiskHooks {
  /** Called before every call; a fault replaces it. */
  readonly before?: (call: DiskCall) => DiskFault | undefined
  /** Called after every call that succeeded; for a write with how many bytes the system took. */
  readonly after?: (call: DiskCall, bytes: number) => void
}

type Method = (this: unknown, ...args: unknown[]) => unknown
interface Told {
  readonly call: DiskCall
  readonly fd?: number
  /** The path of an open file whose handle or descriptor is the result. */
  readonly opens?: boolean
}
type Tell = (self: unknown, args: readonly unknown[]) => Told | undefined

/**
 * Puts hooks between this process and the disk, for paths under a folder: every way in which `node:fs` and
 * `node:fs/promises` open, read, change or sync files passes them, also for modules that are loaded already. Calls are
 * real unless a hook says otherwise. Gives the function that takes the hooks away. One at a time in a process.
 */
export function interposeDisk(under: string, hooks: DiskHooks): () => void {
  const root = resolve(under)
  const undo: (() => void)[] = []
  const byFd = new Map<number, OpenFile>()
  const byHandle = new WeakMap<object, OpenFile>()
  const { writeSync } = fs
  const isInside = (path: string): boolean => path === root || path.startsWith(root + sep)

  /** What comes of a call that a hook interferes with: an error, or the length of a short write. */
  const interfere = ({ call, fd }: Told): Error | number | undefined => {
    const fault = isInside(call.path) ? hooks.before?.(call) : undefined
    if (!fault) return undefined
    const bytes = Math.min(fault.bytes, call.data?.length ?? 0)
    if (call.data && fd !== undefined && bytes > 0) writeSync(fd, call.data, 0, bytes, call.position ?? null)
    if (fault.end) return fault.end()
    hooks.after?.(call, bytes)
    return bytes
  }
  const finish = ({ call, opens }: Told, result: unknown): void => {
    if (opens) remember(call, result)
    if (isInside(call.path)) hooks.after?.(call, writtenBytes(result) ?? call.data?.length ?? 0)
  }
  const remember = ({ path, flags = 'r' }: DiskCall, result: unknown): void => {
    if (typeof result === 'number') byFd.set(result, { path, flags })
    if (typeof result !== 'object' || result === null) return
    patchHandles(result)
    byHandle.set(result, { path, flags })
    if ('fd' in result && typeof result.fd === 'number') byFd.set(result.fd, { path, flags })
  }

  const patch = (target: object, name: string, make: (original: Method) => Method): void => {
    const table = target as Record<string, unknown>
    const original = table[name]
    if (typeof original !== 'function') throw new Error(`This Node has no fs function ${name}`)
    table[name] = make(original as Method)
    undo.push(() => {
      table[name] = original
    })
  }
  const promised = (target: object, name: string, tell: Tell): void =>
    patch(
      target,
      name,
      (original) =>
        async function (...args) {
          const told = tell(this, args)
          const instead = told && interfere(told)
          if (instead instanceof Error) throw instead
          if (instead !== undefined) return { bytesWritten: instead, buffer: args[0] }
          const result = await original.apply(this, args)
          if (told) finish(told, result)
          return result
        },
    )
  const direct = (name: string, tell: Tell): void =>
    patch(
      fs,
      name,
      (original) =>
        function (...args) {
          const told = tell(this, args)
          const instead = told && interfere(told)
          if (instead instanceof Error) throw instead
          if (instead !== undefined) return instead
          const result = original.apply(this, args)
          if (told) finish(told, result)
          return result
        },
    )
  const calledBack = (name: string, tell: Tell): void =>
    patch(
      fs,
      name,
      (original) =>
        function (...args) {
          const done = args.at(-1)
          const told = tell(this, args.slice(0, -1))
          if (!told || typeof done !== 'function') return original.apply(this, args)
          const instead = interfere(told)
          if (instead instanceof Error) return process.nextTick(() => done(instead))
          if (instead !== undefined) return process.nextTick(() => done(null, instead, args[1]))
          return original.call(this, ...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
            if (!error) finish(told, rest[0])
            done(error, ...rest)
          })
        },
    )

  let handlesPatched = false
  const patchHandles = (handle: object): void => {
    if (handlesPatched) return
    handlesPatched = true
    const prototype = Object.getPrototypeOf(handle) as object
    const open = (self: unknown): OpenFile | undefined =>
      typeof self === 'object' && self !== null ? byHandle.get(self) : undefined
    for (const { method, toCall } of fileCalls)
      promised(prototype, method, (self, args) => {
        const file = open(self)
        return file && { call: toCall(file, args), fd: (self as fs.promises.FileHandle).fd }
      })
    promised(prototype, 'readFile', (self) => {
      const file = open(self)
      return file && { call: { ...file, kind: 'read' } }
    })
    // The others write past `write`, so they are taken apart.
    for (const name of ['writeFile', 'appendFile'])
      patch(
        prototype,
        name,
        () =>
          async function (data) {
            await writeWhole(this as fs.promises.FileHandle, data)
          },
      )
  }

  for (const [name, toCall] of Object.entries(pathCalls)) {
    const tell: Tell = (_self, args) => {
      const told = toCall(args)
      const call = { ...told, path: resolve(told.path), ...(told.from === undefined ? {} : { from: told.from }) }
      return { call, opens: name === 'open' }
    }
    promised(fs.promises, name, tell)
    direct(`${name}Sync`, tell)
    calledBack(name, tell)
  }
  for (const { byFd: name, toCall } of fileCalls) {
    const tell: Tell = (_self, [fd, ...args]) => {
      const file = typeof fd === 'number' ? byFd.get(fd) : undefined
      return file && { call: toCall(file, args), fd: fd as number }
    }
    direct(`${name}Sync`, tell)
    calledBack(name, tell)
  }
  for (const [name, usual] of [
    ['writeFile', 'w'],
    ['appendFile', 'a'],
  ] as const) {
    patch(
      fs.promises,
      name,
      (original) =>
        async function (...args) {
          const [path, data, options] = args
          if (typeof path !== 'string' || !isInside(resolve(path))) return original.apply(this, args)
          const { flag, mode } = wholeOptions(options, usual)
          const handle = await fs.promises.open(path, flag, mode)
          await writeWhole(handle, data).finally(() => handle.close())
        },
    )
    patch(
      fs,
      `${name}Sync`,
      (original) =>
        function (...args) {
          const [path, data, options] = args
          if (typeof path !== 'string' || !isInside(resolve(path))) return original.apply(this, args)
          const { flag, mode } = wholeOptions(options, usual)
          const fd = fs.openSync(path, flag, mode)
          try {
            const bytes = toBytes(data)
            for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at)
          } finally {
            fs.closeSync(fd)
          }
        },
    )
  }
  syncBuiltinESMExports()
  return () => {
    for (const back of undo.reverse()) back()
    syncBuiltinESMExports()
  }
}

async function writeWhole(handle: fs.promises.FileHandle, data: unknown): Promise<void> {
  const bytes = toBytes(data)
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
}

function writtenBytes(result: unknown): number | undefined {
  if (typeof result === 'number') return result
  if (typeof result !== 'object' || result === null || !('bytesWritten' in result)) return undefined
  return typeof result.bytesWritten === 'number' ? result.bytesWritten : undefined
}

function wholeOptions(options: unknown, usual: string): { readonly flag: string; readonly mode: number } {
  const { flag, mode } = (typeof options === 'object' && options !== null ? options : {}) as Record<string, unknown>
  return { flag: typeof flag === 'string' ? flag : usual, mode: typeof mode === 'number' ? mode : 0o666 }
}
