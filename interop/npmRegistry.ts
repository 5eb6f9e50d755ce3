import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const fetchMs = 300_000

/**
 * Runs npm in a folder. Null when all went well, the reason when the registry could not be reached. Throws for anything
 * else, and with `CI` set for that, too: there nothing may be left out.
 */
export async function runNpm(args: readonly string[], cwd: string): Promise<string | null> {
  try {
    await promisify(execFile)('npm', [...args, '--loglevel=error'], { cwd, timeout: fetchMs })
    return null
  } catch (error) {
    const said = String(typeof error === 'object' && error !== null && 'stderr' in error ? error.stderr : error)
    const code = /npm error (?:code|errno) (E(?:NOTFOUND|AI_AGAIN|CONN\w+|TIMEDOUT|NETUNREACH|HOSTUNREACH|5\d\d))/.exec(
      said,
    )?.[1]
    if (code === undefined || process.env.CI) throw new Error(`npm ${args.join(' ')} failed: ${said}`)
    return `the npm registry cannot be reached (${code})`
  }
}
