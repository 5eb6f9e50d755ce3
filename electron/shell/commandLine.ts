import { parseArgs } from 'node:util'

/** What the app was started with. Switches of Chromium's own are left to it. */
export interface CommandLine {
  readonly workspaces: readonly string[]
  readonly dataDir: string | null
  readonly demo: boolean
  readonly readOnly: boolean
}

/** Reads `-w/--workspace DIR…`, `--data-dir DIR`, `--demo` and `--read-only`; everything else is ignored. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      workspace: { type: 'string', short: 'w', multiple: true },
      'data-dir': { type: 'string' },
      demo: { type: 'boolean' },
      'read-only': { type: 'boolean' },
    },
  })
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  const dataDir = values['data-dir']
  return {
    workspaces: texts(values.workspace),
    dataDir: typeof dataDir === 'string' ? dataDir : null,
    demo: values.demo === true,
    readOnly: values['read-only'] === true,
  }
}
