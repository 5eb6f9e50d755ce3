import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Credentials } from './credentials'
import { createHttpClient, type HttpAnswer, type HttpLimits } from './httpClient'

/** A file as the server has it. */
export interface RemoteFile {
  readonly revision: string
  /** Sha256 of the raw bytes. */
  readonly contentHash: string
  readonly contentType: string
  readonly bytes: Buffer
}

export interface RemoteOp {
  readonly status: string
  readonly lastError: string | null
  /** When the server last changed it. */
  readonly updatedAt: string | null
}

/** One write, with what keeps it from being done twice or over something newer. */
export interface RemoteWrite {
  readonly path: string
  readonly bytes: Buffer
  readonly contentType: string
  readonly identity: { readonly kind: string; readonly key: string }
  /** A revision, or `0` for a file that must not be there yet. */
  readonly ifMatch: string
  /** What else the outbox record says of the file, as it stands there. */
  readonly extra: Readonly<Record<string, unknown>>
}

export type WriteAnswer =
  | {
      readonly kind: 'accepted'
      readonly opId: string | null
      readonly revision: string
      readonly state: string | null
    }
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }

/** The calls of relayfile's server that delivering needs (docs/formats-writebacks.md, "Server"). Each throws `NoAnswer` or `ServerRefusal`. */
export interface ServerApi {
  readonly host: string
  readonly scopes: readonly string[]
  /** Null when there is no such file. */
  readonly getFile: (path: string, signal?: AbortSignal) => Promise<RemoteFile | null>
  readonly write: (write: RemoteWrite, signal?: AbortSignal) => Promise<WriteAnswer>
  /** Null when the server does not know it. */
  readonly getOp: (opId: string, signal?: AbortSignal) => Promise<RemoteOp | null>
  readonly replayOp: (opId: string, signal?: AbortSignal) => Promise<'queued' | 'unknown' | 'not-refused'>
  readonly close: () => void
}

/** An answer that is no success. The message is the server's own where it gave one, without any token. */
export class ServerRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ServerRefusal'
    this.status = status
  }
}

const optionalText = z.string().nullish().catch(null)
const fileSchema = z.looseObject({
  revision: z.string(),
  contentHash: optionalText,
  contentType: optionalText,
  content: z.string(),
  encoding: optionalText,
})
const opSchema = z.looseObject({ status: z.string(), lastError: optionalText, updatedAt: optionalText })
const bulkSchema = z.looseObject({
  errors: z.array(z.looseObject({ path: z.string(), code: optionalText, message: optionalText })).catch([]),
  results: z
    .array(
      z.looseObject({
        path: z.string(),
        revision: z.string(),
        opId: optionalText,
        writeback: z.looseObject({ state: optionalText }).optional().catch(undefined),
      }),
    )
    .catch([]),
})
const errorSchema = z.looseObject({ code: optionalText, message: optionalText })
/** How long a server remembers an identity, in seconds: as the mounts ask for. */
const identitySeconds = 604_800

export function createServerApi(credentials: Credentials, limits?: HttpLimits): ServerApi {
  const { serverUrl, workspaceId, authorization } = credentials
  const http = createHttpClient({ baseUrl: serverUrl, authorization, ...(limits ? { limits } : {}) })
  const root = `/v1/workspaces/${encodeURIComponent(workspaceId)}`

  const refusal = ({ status, text, body }: HttpAnswer): ServerRefusal => {
    const parsed = errorSchema.safeParse(body)
    const words = (parsed.success ? (parsed.data.message ?? parsed.data.code) : null) ?? text
    const said = http.scrub(words).trim().slice(0, 1000)
    if (status >= 300 && status < 400)
      return new ServerRefusal(status, `HTTP ${status}: the server sends elsewhere, and a token is not taken there.`)
    return new ServerRefusal(status, said === '' ? `HTTP ${status} with an empty answer` : `HTTP ${status}: ${said}`)
  }
  const read = <T>(answer: HttpAnswer, schema: z.ZodType<T>): T => {
    if (answer.status < 200 || answer.status > 299) throw refusal(answer)
    const parsed = schema.safeParse(answer.body)
    if (!parsed.success) throw new ServerRefusal(answer.status, `HTTP ${answer.status} with an answer of another shape`)
    return parsed.data
  }

  return {
    host: credentials.server,
    scopes: credentials.scopes,
    getFile: async (path, signal) => {
      const answer = await http.request({
        method: 'GET',
        path: `${root}/fs/file?path=${encodeURIComponent(path)}`,
        signal,
      })
      if (answer.status === 404) return null
      const { revision, contentHash, contentType, content, encoding } = read(answer, fileSchema)
      const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
      return {
        revision,
        contentHash: contentHash ?? createHash('sha256').update(bytes).digest('hex'),
        contentType: contentType ?? 'application/octet-stream',
        bytes,
      }
    },
    write: async ({ path, bytes, contentType, identity, ifMatch, extra }, signal) => {
      const text = bytes.toString('utf8')
      const isText = Buffer.from(text, 'utf8').equals(bytes)
      const file = {
        ...extra,
        path,
        contentType,
        content: isText ? text : bytes.toString('base64'),
        encoding: isText ? '' : 'base64',
        contentIdentity: { ...identity, ttlSeconds: identitySeconds },
        ifMatch,
      }
      const answer = await http.request({ method: 'POST', path: `${root}/fs/bulk`, body: { files: [file] }, signal })
      const { errors, results } = read(answer, bulkSchema)
      const error = errors.find((one) => one.path === path) ?? errors[0]
      if (error) {
        const message = http.scrub(error.message ?? error.code ?? 'no reason was given').slice(0, 1000)
        return { kind: error.code === 'conflict' ? 'conflict' : 'refused', message }
      }
      const result = results.find((one) => one.path === path) ?? (results.length === 1 ? results[0] : undefined)
      if (!result)
        return { kind: 'refused', message: 'The answer does not name the file, so nothing tells that it was written.' }
      return {
        kind: 'accepted',
        opId: result.opId ?? null,
        revision: result.revision,
        state: result.writeback?.state ?? null,
      }
    },
    getOp: async (opId, signal) => {
      const answer = await http.request({ method: 'GET', path: `${root}/ops/${encodeURIComponent(opId)}`, signal })
      if (answer.status === 404) return null
      const { status, lastError, updatedAt } = read(answer, opSchema)
      return {
        status,
        lastError: lastError ? http.scrub(lastError).slice(0, 1000) : null,
        updatedAt: updatedAt ?? null,
      }
    },
    replayOp: async (opId, signal) => {
      const path = `${root}/ops/${encodeURIComponent(opId)}/replay`
      const answer = await http.request({ method: 'POST', path, body: {}, signal })
      if (answer.status === 404) return 'unknown'
      if (answer.status === 409) return 'not-refused'
      if (answer.status < 200 || answer.status > 299) throw refusal(answer)
      return 'queued'
    },
    close: http.close,
  }
}
