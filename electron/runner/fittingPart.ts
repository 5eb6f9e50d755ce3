import type { z } from 'zod'
import { type WorkflowFile, workflowFileSchema } from '../../shared/workflowFile'

const rounds = 5

/**
 * A configuration without what does not fit its schema, so that the rest can be checked as well. Steps keep their places;
 * what has no proper name is called by its number, and what a file cannot be without stands there with a harmless value.
 * Null when too little is left.
 */
export function fittingPart(value: unknown, issues: readonly z.core.$ZodIssue[]): WorkflowFile | null {
  const rest = structuredClone(value)
  let wrong = issues
  for (let round = 0; round < rounds; round++) {
    for (const { path } of wrong)
      takeOut(
        rest,
        path.filter((part) => typeof part !== 'symbol'),
      )
    const parsed = workflowFileSchema.safeParse(rest)
    if (parsed.success) return parsed.data
    wrong = parsed.error.issues
  }
  return null
}

/** Takes the value at the path out, or, where it is an entry of a list or missing, what is around it. */
function takeOut(root: unknown, path: readonly (string | number)[]): void {
  const last = path.at(-1)
  const around = path.slice(0, -1)
  const holder = around.reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), root)
  if (last === undefined || !isRecord(holder)) return
  const standIn = standInFor(path)
  if (standIn !== undefined) holder[last] = standIn
  else if (Array.isArray(holder) || !Object.hasOwn(holder, last)) {
    // A list of steps or workflows would lose its places.
    if (around.length > 4) takeOut(root, around)
    else if (around.length === 1) delete (root as Record<string | number, unknown>)[around[0] ?? '']
  } else delete holder[last]
}

/** What stands for a value that is needed. */
function standInFor(path: readonly (string | number)[]): unknown {
  const number = path.at(-2)
  if (path.at(-1) === 'name' && typeof number === 'number')
    return path[2] === 'steps' && path.length === 5
      ? `step ${number + 1}`
      : path[0] === 'workflows' && path.length === 3
        ? `workflow ${number + 1}`
        : undefined
  return standIns.get(path.join('/'))
}

const standIns: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['version', '1.0'],
  ['name', 'workflow'],
  ['swarm', { pattern: 'dag' }],
  ['swarm/pattern', 'dag'],
])

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}
