import { z } from 'zod'
import { badJson, notFound, ok, type Route, refuse } from './apiAnswer'
import { type PracticeFile, providerOf } from './practiceFiles'

const treePage = 1000
const bulkReadSchema = z.object({ paths: z.array(z.string()).max(1000) })

/** `GET fs/tree`: files and folders below a path, all levels in one list, deeper than `depth` only as folders. */
export const tree: Route = ({ files, call: { query } }) => {
  const path = query.get('path') || '/'
  const below = path.endsWith('/') ? path : `${path}/`
  const depth = Number(query.get('depth')) || Number.POSITIVE_INFINITY
  const entries = new Map<string, object>()
  let totalFiles = 0
  for (const file of files.files.values()) {
    if (!file.path.startsWith(below)) continue
    totalFiles++
    const parts = file.path.slice(below.length).split('/')
    for (let level = 1; level < parts.length && level <= depth; level++) {
      const dir = `${below}${parts.slice(0, level).join('/')}`
      entries.set(dir, { path: dir, type: 'dir', revision: 'dir' })
    }
    if (parts.length <= depth) entries.set(file.path, toEntry(file))
  }
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1))
  const from = query.get('cursor') ?? ''
  const page = sorted.filter(([entry]) => entry > from).slice(0, treePage)
  const last = page.at(-1)?.[0]
  const more = last !== undefined && last !== sorted.at(-1)?.[0]
  return ok({
    path,
    entries: page.map(([, entry]) => entry),
    nextCursor: more ? last : null,
    ...(totalFiles === 0 ? {} : { totalFiles }),
  })
}

/** `GET fs/file` */
export const getFile: Route = ({ files, call }) => {
  const path = call.query.get('path')
  if (!path) return refuse(call, { status: 400, code: 'bad_request', message: 'missing path query' })
  const file = files.files.get(path)
  return file ? ok(toBody(file), { ETag: file.revision }) : refuse(call, notFound)
}

/** `POST fs/bulk-read`: as many answers as were asked, in that order. */
export const bulkRead: Route = ({ files, call }) => {
  const input = bulkReadSchema.safeParse(call.body)
  if (!input.success) return refuse(call, badJson)
  return ok({
    files: input.data.paths.map((path) => {
      const file = files.files.get(path)
      return file ? toBody(file) : { path, error: notFound }
    }),
  })
}

/** `GET fs/export?format=json`: every file below a path. */
export const exportAll: Route = ({ files, call: { query } }) => {
  const path = query.get('path') || '/'
  const below = path.endsWith('/') ? path : `${path}/`
  const found = [...files.files.values()].filter((file) => file.path.startsWith(below))
  return ok(found.sort((left, right) => (left.path < right.path ? -1 : 1)).map(toBody))
}

/** `GET fs/events`: those after the cursor, oldest first; from the start when the cursor is unknown. */
export const listEvents: Route = ({ files, call: { query } }) => {
  const limit = Math.min(Math.max(Number(query.get('limit')) || 100, 1), 1000)
  const provider = query.get('provider')
  const all = provider ? files.events.filter((event) => event.provider === provider) : files.events
  if (query.get('direction') === 'desc') return ok({ events: all.slice(-limit).reverse(), nextCursor: null })
  const from = numberOf(query.get('cursor'))
  const start = all.findIndex((event) => numberOf(event.eventId) > from)
  const events = start < 0 ? [] : all.slice(start, start + limit)
  const last = events.at(-1)
  return ok({ events, nextCursor: last && last !== all.at(-1) ? last.eventId : null })
}

function numberOf(eventId: string | null): number {
  return Number(/^evt_(\d+)$/.exec(eventId ?? '')?.[1] ?? 0)
}

function toBody({ path, revision, contentHash, contentType, content, encoding, lastEditedAt }: PracticeFile): object {
  return {
    path,
    revision,
    contentHash,
    contentType,
    content,
    ...(encoding === '' ? {} : { encoding }),
    provider: providerOf(path),
    lastEditedAt,
    semantics: {},
  }
}

function toEntry({ path, revision, contentHash, sizeBytes, lastEditedAt }: PracticeFile): object {
  return {
    path,
    type: 'file',
    revision,
    contentHash,
    provider: providerOf(path),
    size: sizeBytes,
    updatedAt: lastEditedAt,
  }
}
