import { z } from 'zod'
import type { demoFaults } from '../../../shared/contract'
import type { PracticeFiles, WriteRefusal } from './practiceFiles'

export interface ApiRequest {
  readonly method: string
  /** The path behind `/v1/workspaces/<id>/`. */
  readonly route: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly ifMatch: string | undefined
  readonly correlationId: string
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

type Faults = ReadonlySet<(typeof demoFaults)[number]>

const writeSchema = z.looseObject({
  contentType: z.string().optional(),
  content: z.string(),
  encoding: z.string().nullish(),
})
const bulkSchema = z.looseObject({
  files: z
    .array(
      writeSchema.extend({
        path: z.string(),
        ifMatch: z.string().optional(),
        contentIdentity: z.looseObject({ kind: z.string(), key: z.string() }).optional(),
      }),
    )
    .min(1),
})

/** Answers one call of the API, as far as a mount daemon uses it (docs/formats-writebacks.md, "Server"). */
export function answerApi(files: PracticeFiles, faults: Faults, call: ApiRequest): ApiAnswer {
  const refuse = (status: number, code: string, message: string, more: object = {}): ApiAnswer => ({
    status,
    body: { code, message, correlationId: call.correlationId, ...more },
  })
  const path = call.query.get('path') ?? ''
  const isWrite = call.route === 'fs/bulk' || (call.route === 'fs/file' && call.method !== 'GET')
  if (isWrite && faults.has('unavailable')) return refuse(503, 'unavailable', 'the server is unavailable for writes')
  if (isWrite && faults.has('unprocessable'))
    return refuse(422, 'validation_failed', 'priority must be a word: low, normal or high')
  switch (`${call.method} ${call.route}`) {
    case 'GET fs/tree':
      return tree()
    case 'GET fs/file': {
      const file = files.files.get(path)
      return file ? { status: 200, body: file } : refuse(404, 'not_found', 'file not found')
    }
    case 'PUT fs/file':
      return putFile()
    case 'DELETE fs/file': {
      const result = files.remove(path, call.ifMatch, call.correlationId)
      return 'op' in result ? accepted(result.op) : refused(result)
    }
    case 'POST fs/bulk':
      return bulk()
    case 'GET fs/events':
      return eventsPage()
    case 'GET fs/export':
      return { status: 200, body: [...files.files.values()] }
    case 'POST fs/merge':
      return refuse(409, 'merge_conflict', 'both sides changed the same lines', {
        conflicts: [],
        currentRevision: files.files.get(path)?.revision,
      })
    case 'GET ops':
      return {
        status: 200,
        body: {
          items: [...files.ops.values()].filter((op) => matches(op.status, call.query.get('status'))).reverse(),
          nextCursor: null,
        },
      }
    case 'GET sync/status':
      return { status: 200, body: { providers: [] } }
    default:
      return opRoute()
  }

  function refused({ status, code, message, currentRevision }: WriteRefusal): ApiAnswer {
    return refuse(
      status,
      code === 'conflict' ? 'revision_conflict' : code,
      message,
      currentRevision === undefined ? {} : { currentRevision },
    )
  }

  function accepted(op: { readonly opId: string; readonly revision: string; readonly path: string }): ApiAnswer {
    return {
      status: 202,
      body: {
        opId: op.opId,
        status: 'queued',
        targetRevision: op.revision,
        writeback: { provider: provider(op.path), state: 'pending' },
      },
    }
  }

  function putFile(): ApiAnswer {
    const input = writeSchema.safeParse(call.body)
    if (!input.success || path === '') return refuse(400, 'bad_request', 'path and content are needed')
    if (call.ifMatch === undefined) return refuse(412, 'precondition_failed', 'If-Match is missing')
    const result = files.write({
      path,
      content: input.data.content,
      ifMatch: call.ifMatch,
      correlationId: call.correlationId,
      encoding: input.data.encoding ?? '',
    })
    return 'op' in result ? accepted(result.op) : refused(result)
  }

  function bulk(): ApiAnswer {
    const input = bulkSchema.safeParse(call.body)
    if (!input.success) return refuse(400, 'bad_request', 'files are needed')
    const results: object[] = []
    const errors: object[] = []
    for (const file of input.data.files) {
      const result = files.write({
        path: file.path,
        content: file.content,
        encoding: file.encoding ?? '',
        contentType: file.contentType ?? 'text/plain',
        correlationId: call.correlationId,
        ...(file.ifMatch === undefined ? {} : { ifMatch: file.ifMatch }),
        ...(file.contentIdentity ? { identity: `${file.contentIdentity.kind} ${file.contentIdentity.key}` } : {}),
      })
      if ('op' in result) {
        const { op, file: written } = result
        results.push({
          path: file.path,
          revision: written.revision,
          contentType: written.contentType,
          opId: op.opId,
          contentIdentity: file.contentIdentity,
          writeback: { provider: provider(file.path), state: 'pending' },
        })
      } else
        errors.push({
          path: file.path,
          code: result.code,
          message: result.message,
          expectedRevision: file.ifMatch,
          currentRevision: result.currentRevision,
        })
    }
    return {
      status: 202,
      body: { written: results.length, errorCount: errors.length, errors, results, correlationId: call.correlationId },
    }
  }

  function tree(): ApiAnswer {
    const root = path === '' || path === '/' ? '/' : `${path.replace(/\/$/, '')}/`
    const entries = new Map<string, object>()
    for (const file of files.files.values()) {
      if (!file.path.startsWith(root)) continue
      const parts = file.path.slice(root.length).split('/')
      for (let depth = 1; depth < parts.length; depth++) {
        const dir = `${root}${parts.slice(0, depth).join('/')}`
        entries.set(dir, { path: dir, type: 'dir', revision: 'dir' })
      }
      entries.set(file.path, {
        path: file.path,
        type: 'file',
        revision: file.revision,
        contentHash: file.contentHash,
        size: Buffer.byteLength(file.content),
        provider: provider(file.path),
        updatedAt: file.updatedAt,
      })
    }
    const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1))
    const from = call.query.get('cursor') ?? ''
    const page = sorted.filter(([entry]) => entry > from).slice(0, 1000)
    const last = page.at(-1)?.[0]
    const more = last !== undefined && last !== sorted.at(-1)?.[0]
    return {
      status: 200,
      body: {
        path: path || '/',
        entries: page.map(([, entry]) => entry),
        nextCursor: more ? last : null,
        totalFiles: files.files.size,
      },
    }
  }

  function eventsPage(): ApiAnswer {
    const limit = Math.min(Math.max(Number(call.query.get('limit')) || 100, 1), 1000)
    if (call.query.get('direction') === 'desc')
      return { status: 200, body: { events: [...files.events].reverse().slice(0, limit), nextCursor: null } }
    const at = files.events.findIndex((event) => event.eventId === call.query.get('cursor'))
    const events = files.events.slice(at + 1, at + 1 + limit)
    const last = events.at(-1)
    return { status: 200, body: { events, nextCursor: last && last !== files.events.at(-1) ? last.eventId : null } }
  }

  function opRoute(): ApiAnswer {
    const [, opId = '', replay] = /^ops\/([^/]+)(\/replay)?$/.exec(call.route) ?? []
    if (call.method === 'GET' && opId !== '' && !replay) {
      const op = files.look(decodeURIComponent(opId), {
        hold: faults.has('slow-receipts'),
        refuse: faults.has('provider-refusal'),
      })
      return op ? { status: 200, body: op } : refuse(404, 'not_found', 'operation not found')
    }
    if (call.method === 'POST' && replay) {
      const result = files.replay(decodeURIComponent(opId))
      if (result === 'queued')
        return { status: 202, body: { status: 'queued', id: opId, correlationId: call.correlationId } }
      return result === 'unknown'
        ? refuse(404, 'not_found', 'operation not found')
        : refuse(409, 'invalid_state', 'the operation is not dead-lettered')
    }
    return refuse(404, 'not_found', 'no such route')
  }
}

function provider(path: string): string {
  return path.split('/')[1] ?? ''
}

function matches(status: string, wanted: string | null): boolean {
  return wanted === null || wanted === '' || status === wanted
}
