import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What the app was started with. Switches of Chromium's own are left to it. */
export interface CommandLine {
  readonly workspaces: readonly string[]
  readonly dataDir: string | null
  readonly demo: boolean
  /** The PostgreSQL database that a DBOS worker of the demo works on; null without one. */
  readonly dbos: string | null
  readonly readOnly: boolean
  /** What else it names: links, and paths of folders and files of runs. */
  readonly targets: readonly string[]
}

/**
 * Reads `-w/--workspace DIR…`, `--data-dir DIR`, `--demo`, `--dbos URL`, `--read-only` and what is to be opened; switches that it does
 * not know are ignored, and so is `ignored`, the folder that Electron itself was told to run.
 */
export function readCommandLine(argv: readonly string[], ignored: string): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      workspace: { type: 'string', short: 'w', multiple: true },
      'data-dir': { type: 'string' },
      demo: { type: 'boolean' },
      dbos: { type: 'string' },
      'read-only': { type: 'boolean' },
    },
  })
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  const dataDir = values['data-dir']
  const { dbos } = values
  return {
    workspaces: texts(values.workspace),
    dataDir: typeof dataDir === 'string' ? dataDir : null,
    demo: values.demo === true,
    dbos: typeof dbos === 'string' ? dbos : null,
    readOnly: values['read-only'] === true,
    targets: positionals.filter((target) => target !== '' && resolve(target) !== resolve(ignored)),
  }
}
