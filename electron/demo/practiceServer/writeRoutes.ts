import { z } from 'zod'
import { type ApiAnswer, type ApiCall, badJson, ok, type Route, refuse } from './apiAnswer'
import { mergeLines } from './mergeLines'
import type { AcceptedWrite, WriteRefusal } from './practiceFiles'
import { providerOf } from './practiceFiles'
import type { PracticeOp } from './practiceOps'

const identitySchema = z.looseObject({ kind: z.string(), key: z.string(), ttlSeconds: z.number().optional() })
const contentSchema = z.looseObject({
  contentType: z.string().optional(),
  content: z.string(),
  encoding: z.string().optional(),
  contentIdentity: identitySchema.optional(),
})
const bulkFileSchema = contentSchema.extend({ path: z.string().startsWith('/'), ifMatch: z.string().optional() })
const bulkSchema = z.looseObject({ files: z.array(z.looseObject({ path: z.string() })).default([]) })
const mergeSchema = contentSchema.extend({
  strategy: z.literal('three-way-lines-v1'),
  baseRevision: z.string(),
  baseContent: z.string(),
})
const mergeStrategy = 'three-way-lines-v1'
const previewChars = 512
const missingPath = { status: 400, code: 'bad_request', message: 'missing path query' }
const missingMatch = { status: 412, code: 'precondition_failed', message: 'missing If-Match header' }

/** `PUT fs/file` with `If-Match`. */
export const putFile: Route = ({ files, call }) => {
  const path = call.query.get('path')
  if (!path) return refuse(call, missingPath)
  const input = contentSchema.safeParse(call.body)
  if (!input.success) return refuse(call, badJson)
  if (!call.ifMatch) return refuse(call, missingMatch)
  const { content, contentType, encoding, contentIdentity } = input.data
  const result = files.write({
    path,
    content,
    contentType,
    encoding,
    ifMatch: call.ifMatch,
    identity: contentIdentity,
    correlationId: call.correlationId,
  })
  return 'op' in result ? queued(result.op) : refuseWhole(call, result, files.files.get(path)?.content)
}

/** `DELETE fs/file` with `If-Match`. */
export const deleteFile: Route = ({ files, call }) => {
  const path = call.query.get('path')
  if (!path) return refuse(call, missingPath)
  if (!call.ifMatch) return refuse(call, missingMatch)
  const result = files.remove(path, { ifMatch: call.ifMatch, correlationId: call.correlationId })
  return 'op' in result ? queued(result.op) : refuseWhole(call, result, files.files.get(path)?.content)
}

/** `POST fs/bulk`: 202 whatever became of the files; each is named in the results or in the errors. */
export const bulk: Route = ({ files, faults, call }) => {
  const input = bulkSchema.safeParse(call.body)
  if (!input.success) return refuse(call, badJson)
  if (input.data.files.length === 0) return refuse(call, { status: 400, code: 'bad_request', message: 'missing files' })
  const results: object[] = []
  const errors: object[] = []
  let written = 0
  for (const given of input.data.files) {
    const parsed = bulkFileSchema.safeParse(given)
    if (!parsed.success) {
      errors.push({ path: given.path, code: 'invalid_content', message: 'invalid input' })
      continue
    }
    const { path, content, encoding, contentType, ifMatch, contentIdentity } = parsed.data
    const fault = faults.onFile(path)
    if (fault) files.logRefused(path, { content, encoding })
    if (fault?.kind === 'omit-file') continue
    if (fault?.kind === 'refuse-file') {
      errors.push({ path, code: fault.code, message: fault.message })
      continue
    }
    const result = files.write({
      path,
      content,
      encoding,
      contentType,
      ifMatch,
      identity: contentIdentity,
      correlationId: call.correlationId,
    })
    if ('op' in result) {
      if (!result.repeated) written++
      results.push(toResult(path, result))
    } else errors.push(toError(path, ifMatch, result))
  }
  return {
    status: 202,
    body: { correlationId: call.correlationId, errorCount: errors.length, errors, results, written },
  }
}

/** `POST fs/merge`: the caller's version and the current one, line by line over the base that the caller had. */
export const merge: Route = ({ files, call }) => {
  const path = call.query.get('path')
  if (!path) return refuse(call, missingPath)
  const input = mergeSchema.safeParse(call.body)
  if (!input.success) return refuse(call, badJson)
  const current = files.files.get(path)
  if (!current) return refuse(call, { status: 404, code: 'not_found', message: 'not found' })
  const { baseContent, baseRevision, content, contentType, encoding, contentIdentity } = input.data
  const merged = mergeLines(baseContent, content, current.content)
  if (merged.kind === 'clash') {
    const conflict = {
      status: 409,
      code: 'merge_conflict',
      message: `merge conflict: ${merged.conflicts.length} unit(s) concurrently changed`,
      conflicts: merged.conflicts,
      currentRevision: current.revision,
    }
    return refuse(call, conflict)
  }
  const result = files.merge({
    path,
    content: merged.text,
    contentType,
    encoding,
    identity: contentIdentity,
    correlationId: call.correlationId,
  })
  if (!('op' in result)) return refuseWhole(call, result, current.content)
  const { revision } = result.op
  return ok({
    targetRevision: revision,
    strategy: mergeStrategy,
    baseRevision,
    mergedAgainstRevision: current.revision,
  })
}

function queued({ opId, revision, path }: PracticeOp): ApiAnswer {
  return {
    status: 202,
    body: { opId, status: 'queued', targetRevision: revision, writeback: writebackOf(path, 'pending') },
  }
}

/** A refused PUT or DELETE. A conflict also tells the revision that counts, and how the file begins. */
function refuseWhole(call: ApiCall, { status, code, message, currentRevision }: WriteRefusal, current = ''): ApiAnswer {
  if (code !== 'conflict') return refuse(call, { status, code, message })
  const conflict = {
    status,
    code: 'revision_conflict',
    message: 'revision conflict',
    currentContentPreview: current.slice(0, previewChars),
    currentRevision,
    expectedRevision: call.ifMatch,
  }
  return refuse(call, conflict)
}

function toResult(path: string, { op, contentType }: AcceptedWrite): object {
  return {
    path,
    revision: op.revision,
    contentType,
    opId: op.opId,
    ...(op.contentIdentity ? { contentIdentity: op.contentIdentity } : {}),
    writeback: writebackOf(path, op.status),
  }
}

function toError(path: string, expectedRevision: string | undefined, refusal: WriteRefusal): object {
  const { code, message, currentRevision } = refusal
  return {
    path,
    code,
    message,
    ...(expectedRevision === undefined ? {} : { expectedRevision }),
    ...(currentRevision === undefined ? {} : { currentRevision }),
  }
}

function writebackOf(path: string, state: string): object {
  const provider = providerOf(path)
  return provider === '' ? { state } : { provider, state }
}
