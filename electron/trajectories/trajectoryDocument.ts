import { RundeskError } from '../../shared/outcome'
import { isObject, type JsonObject } from './fieldReader'

/** A record as it is written: the fields that must be right, and any others, which are kept. */
export interface TrajectoryDocument extends JsonObject {
  readonly id: string
  readonly version: 1
  readonly task: JsonObject & { readonly title: string }
  readonly status: 'active' | 'completed' | 'abandoned'
  /** ISO, in UTC. */
  readonly startedAt: string
  readonly completedAt?: string
}

/** Brings a record together with what its file holds. */
export type Merge = (document: TrajectoryDocument, before: JsonObject) => TrajectoryDocument

const idPattern = /^traj_[a-z0-9_]{1,200}$/

/** May a record have this id? It becomes the name of a file. */
export function isTrajectoryId(id: unknown): id is string {
  return typeof id === 'string' && idPattern.test(id)
}

/** Checks what must be right before a record is written. Throws `refused` with the field. */
export function checkDocument(document: TrajectoryDocument): void {
  const refuse = (field: string, is: unknown): never => {
    throw new RundeskError(
      'refused',
      `The trajectory is not saved: its ${field} is ${JSON.stringify(is)?.slice(0, 80)}.`,
    )
  }
  if (!isTrajectoryId(document.id)) refuse('id', document.id)
  if (!['active', 'completed', 'abandoned'].includes(document.status)) refuse('status', document.status)
  if (!isObject(document.task) || typeof document.task.title !== 'string') refuse('task', document.task)
  for (const field of ['startedAt', 'completedAt'] as const) {
    const at = document[field]
    if (at === undefined && field === 'completedAt') continue
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || !at.endsWith('Z')) refuse(field, at)
  }
}

/** Gone when the new document does not have them; every other field of the old one is kept. */
const ownedFields: readonly string[] = ['completedAt', 'retrospective']

/** The document with what the file held besides: fields that the new one does not know survive. */
export function withKeptFields(document: TrajectoryDocument, before: JsonObject): TrajectoryDocument {
  const kept = Object.fromEntries(
    Object.entries(before).filter(([key]) => !Object.hasOwn(document, key) && !ownedFields.includes(key)),
  )
  const task = isObject(before.task) ? { ...before.task, ...document.task } : document.task
  return { ...document, task, ...kept }
}
