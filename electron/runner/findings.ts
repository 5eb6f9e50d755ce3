import { RundeskError } from '../../shared/outcome'
import type { Finding } from '../../shared/workflows'
import type { DocumentPath, Position, YamlSource } from './yamlSource'

/** Collects what is found in one file. */
export interface FindingList {
  /** Names the document that what is added from now on is found in. */
  readonly locate: (source: YamlSource) => void
  /** Looks up where what was added stands. Before that nothing of it has a line. */
  readonly place: () => Promise<void>
  readonly add: (path: DocumentPath, found: FoundMessage & { readonly part?: 'key' | 'value' }) => void
  readonly addAt: (
    position: Position,
    found: { readonly severity: Finding['severity']; readonly message: string },
  ) => void
  /** In the order of the file. */
  readonly list: () => readonly Finding[]
  readonly hasErrors: () => boolean
}

interface FoundMessage {
  readonly severity: Finding['severity']
  readonly message: string | (() => string)
}

/** More than these are not kept: who has so many mends the first ones first. */
const maxKept = 500
const maxSaid = 50

/** Makes a list for the findings of a file, which they name as `file`. */
export function createFindings(file: string): FindingList {
  const found: Finding[] = []
  let source: YamlSource | undefined
  /** What has no line so far, by its place among what was found. */
  const unplaced = new Map<number, { readonly path: DocumentPath; readonly part: 'key' | 'value' }>()
  const keep = (finding: Finding): void => {
    if (found.length < maxKept) found.push(finding)
  }
  return {
    locate: (next) => {
      source = next
    },
    place: async () => {
      if (!source || unplaced.size === 0) return
      const positionOf = await source.places()
      for (const [index, { path, part }] of unplaced) {
        const [finding, position] = [found[index], positionOf(path, part)]
        if (finding && position) found[index] = { ...finding, ...position }
      }
      unplaced.clear()
    },
    add: (path, { severity, message, part = 'value' }) => {
      if (found.length >= maxKept) return // To look for places and near names takes time.
      unplaced.set(found.length, { path, part })
      keep({
        ...{ file, line: null, column: null, severity },
        message: typeof message === 'string' ? message : message(),
        path: toPathText(path),
      })
    },
    addAt: ({ line, column }, { severity, message }) => keep({ file, line, column, severity, message, path: '' }),
    list: () => [...found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
    hasErrors: () => found.some(({ severity }) => severity === 'error'),
  }
}

/** `workflows[0].steps[2].name` */
function toPathText(path: DocumentPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const plain = /^[A-Za-z_][\w-]*$/.test(part)
    if (!plain) return `${text}[${JSON.stringify(part.slice(0, 100))}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** A finding as one line: `file:line:column: message`. */
export function findingLine({ file, line, column, severity, message, path }: Finding): string {
  const where = line === null ? `${file}${path === '' ? '' : `: ${path}`}` : `${file}:${line}:${column}`
  return `${where}: ${severity === 'warning' ? 'warning: ' : ''}${message}`
}

/** The failure that tells all errors at once, at most 50 of them as text. */
export function invalidWorkflow(findings: readonly Finding[]): RundeskError {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const said = errors.slice(0, maxSaid).map(findingLine)
  const more = errors.length - said.length
  return new RundeskError('invalid_workflow', [...said, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), {
    details: { findings: [...findings] },
  })
}
