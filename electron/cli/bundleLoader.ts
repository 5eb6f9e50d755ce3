import { isAscii } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { lazily } from '../../shared/lazily'

type Wrapper = (
  exports: unknown,
  require: (name: string) => unknown,
  module: { exports: unknown },
  file: string,
  folder: string,
) => void

/** What takes long to load, and most commands do without: it is loaded when something of it is first asked for. */
const large = new Set(['node:http', 'node:https', 'node:worker_threads', 'node:zlib'])

/**
 * Runs a CommonJS script and, as they are required, those beside it whose names begin with a dot, each with what `compiled`
 * has of it. Gives the scripts, also those that are still to be required. Throws what they throw.
 */
export function loadBundle(
  file: string,
  compiled: (file: string, source: Buffer) => Buffer | undefined,
): ReadonlyMap<string, Script> {
  const scripts = new Map<string, Script>()
  const modules = new Map<string, { exports: unknown }>()
  const load = (path: string): unknown => {
    const known = modules.get(path)
    if (known) return known.exports
    const module = { exports: {} as unknown }
    modules.set(path, module)
    const bytes = readFileSync(path)
    const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8') // To decode UTF-8 takes ten times as long.
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: path,
      cachedData: compiled(path, bytes),
    })
    scripts.set(path, script)
    const wrapper = script.runInThisContext() as Wrapper // What stands above.
    const outside = createRequire(path)
    const inside = (name: string): unknown => {
      if (name.startsWith('.')) return load(resolve(dirname(path), name))
      return large.has(name) ? lazily(() => outside(name)) : outside(name)
    }
    wrapper(module.exports, Object.assign(inside, outside), module, path, dirname(path))
    return module.exports
  }
  load(file)
  return scripts
}
