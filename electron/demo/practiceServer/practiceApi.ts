import { type ApiAnswer, type ApiCall, notFound, type Route, refuse } from './apiAnswer'
import { acknowledgeOp, getOp, listOps, replayOp, syncStatus } from './opRoutes'
import type { CallKind, FaultBook } from './practiceFaults'
import type { PracticeFiles } from './practiceFiles'
import { bulkRead, exportAll, getFile, listEvents, tree } from './readRoutes'
import { bulk, deleteFile, merge, putFile } from './writeRoutes'

/** One route of the API: who may call it, what faults see in it, and what answers it. */
interface Entry {
  readonly pattern: RegExp
  readonly scope: string
  readonly kind: CallKind
  readonly answer: Route
}

const entries: readonly Entry[] = [
  { pattern: /^GET fs\/tree$/, scope: 'fs:read', kind: 'list', answer: tree },
  { pattern: /^GET fs\/export$/, scope: 'fs:read', kind: 'list', answer: exportAll },
  { pattern: /^GET fs\/file$/, scope: 'fs:read', kind: 'read', answer: getFile },
  { pattern: /^POST fs\/bulk-read$/, scope: 'fs:read', kind: 'read', answer: bulkRead },
  { pattern: /^GET fs\/events$/, scope: 'fs:read', kind: 'events', answer: listEvents },
  { pattern: /^POST fs\/bulk$/, scope: 'fs:write', kind: 'write', answer: bulk },
  { pattern: /^PUT fs\/file$/, scope: 'fs:write', kind: 'write', answer: putFile },
  { pattern: /^DELETE fs\/file$/, scope: 'fs:write', kind: 'delete', answer: deleteFile },
  { pattern: /^POST fs\/merge$/, scope: 'fs:write', kind: 'merge', answer: merge },
  { pattern: /^GET ops$/, scope: 'ops:read', kind: 'op', answer: listOps },
  { pattern: /^GET ops\/[^/]+$/, scope: 'ops:read', kind: 'op', answer: getOp },
  { pattern: /^POST ops\/[^/]+\/replay$/, scope: 'ops:replay', kind: 'replay', answer: replayOp },
  { pattern: /^POST writeback\/[^/]+\/ack$/, scope: 'sync:trigger', kind: 'other', answer: acknowledgeOp },
  { pattern: /^GET sync\/status$/, scope: 'sync:read', kind: 'other', answer: syncStatus },
]
const routeNotFound = { status: 404, code: 'not_found', message: 'route not found' }

/** What a caller with every right may do. */
export const allScopes: readonly string[] = [...new Set(entries.map(({ scope }) => scope)), 'admin:replay']

/** A call with its route found: what faults see of it, and how to answer it. */
export interface FoundRoute {
  readonly kind: CallKind
  /** The files that the call is about. */
  readonly paths: readonly string[]
  readonly answer: () => ApiAnswer
}

/** Finds what answers a call (docs/formats-writebacks.md, "Server"), or the answer that refuses it. */
export function findRoute(
  call: ApiCall,
  {
    files,
    faults,
    scopes,
  }: { readonly files: PracticeFiles; readonly faults: FaultBook; readonly scopes: readonly string[] },
): FoundRoute | ApiAnswer {
  const entry = entries.find(({ pattern }) => pattern.test(`${call.method} ${call.route}`))
  if (!entry) return refuse(call, routeNotFound)
  if (!scopes.includes(entry.scope))
    return refuse(call, { status: 403, code: 'forbidden', message: `missing required scope: ${entry.scope}` })
  return {
    kind: entry.kind,
    paths: pathsOf(call, files),
    answer: () => entry.answer({ files, faults, call }),
  }
}

/** `POST /v1/admin/replay/op/<id>` in whichever workspace the operation is. */
export function adminReplay(
  call: ApiCall,
  { workspaces, scopes }: { readonly workspaces: readonly PracticeFiles[]; readonly scopes: readonly string[] },
): ApiAnswer {
  if (!scopes.includes('admin:replay'))
    return refuse(call, { status: 403, code: 'forbidden', message: 'missing required scope: admin:replay' })
  const id = decodeURIComponent(call.route)
  for (const files of workspaces) {
    const result = files.ops.replay(id)
    if (result === 'queued') return { status: 202, body: { status: 'queued', id, correlationId: call.correlationId } }
    if (result === 'not-dead') return refuse(call, { status: 409, code: 'invalid_state', message: 'invalid state' })
  }
  return refuse(call, notFound)
}

function pathsOf({ query, route, body }: ApiCall, files: PracticeFiles): readonly string[] {
  const path = query.get('path')
  if (path !== null) return [path]
  if (typeof body === 'object' && body !== null && 'files' in body && Array.isArray(body.files))
    return body.files.map((file: unknown) => (isNamed(file) ? file.path : ''))
  const [, opId] = /^(?:ops|writeback)\/([^/]+)/.exec(route) ?? []
  const op = opId === undefined ? undefined : files.ops.get(decodeURIComponent(opId))
  return op ? [op.path] : []
}

function isNamed(file: unknown): file is { readonly path: string } {
  return typeof file === 'object' && file !== null && 'path' in file && typeof file.path === 'string'
}
