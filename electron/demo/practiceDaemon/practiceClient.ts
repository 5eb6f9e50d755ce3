import { z } from 'zod'

const bulkSchema = z.looseObject({
  results: z.array(z.looseObject({ path: z.string(), revision: z.string(), opId: z.string() })).default([]),
  errors: z.array(z.looseObject({ path: z.string(), code: z.string(), message: z.string().default('') })).default([]),
})
const eventsSchema = z.looseObject({
  events: z.array(z.looseObject({ eventId: z.string(), type: z.string(), path: z.string(), revision: z.string() })),
  nextCursor: z.string().nullable(),
})
const fileSchema = z.looseObject({
  path: z.string(),
  revision: z.string(),
  contentType: z.string().default('text/plain'),
  content: z.string(),
  encoding: z.string().default(''),
})
const treeSchema = z.looseObject({
  entries: z.array(z.looseObject({ path: z.string(), type: z.string() })),
  nextCursor: z.string().nullable(),
})
const opSchema = z.looseObject({ status: z.string(), lastError: z.string().optional() })

/** An answer that is no success, or none at all (`status` null). */
export class HttpFailure extends Error {
  readonly status: number | null
  readonly body: string
  constructor(status: number | null, body: string, options?: ErrorOptions) {
    super(status === null ? `network: ${body}` : `http ${status}: ${body.slice(0, 400)}`, options)
    this.name = 'HttpFailure'
    this.status = status
    this.body = body
  }
}

/** The calls of the API that the practice daemon makes. 429, 5xx and lost connections are tried four times. */
export function createPracticeClient({
  serverUrl,
  token,
  workspaceId,
}: {
  readonly serverUrl: string
  readonly token: string
  readonly workspaceId: string
}) {
  const base = `${serverUrl}/v1/workspaces/${encodeURIComponent(workspaceId)}`

  const once = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    let response: Response
    try {
      response = await fetch(`${base}/${route}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          'X-Correlation-Id': `mount_${BigInt(Date.now()) * 1_000_000n}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      })
    } catch (error) {
      throw new HttpFailure(null, error instanceof Error ? error.message : String(error), { cause: error })
    }
    const text = await response.text()
    if (!response.ok) throw new HttpFailure(response.status, text)
    return text === '' ? undefined : JSON.parse(text)
  }

  const call = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(method, route, body)
      } catch (error) {
        const again =
          error instanceof HttpFailure && (error.status === null || error.status === 429 || error.status >= 500)
        if (!again || attempt === 4) throw error
        await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt))
      }
    }
  }

  return {
    bulk: async (files: readonly object[]) => bulkSchema.parse(await call('POST', 'fs/bulk', { files })),
    file: async (path: string) => fileSchema.parse(await call('GET', `fs/file?path=${encodeURIComponent(path)}`)),
    tree: async (cursor: string) =>
      treeSchema.parse(await call('GET', `fs/tree?path=%2F&cursor=${encodeURIComponent(cursor)}`)),
    newestEvent: async () =>
      eventsSchema.parse(await call('GET', 'fs/events?direction=desc&limit=1')).events[0]?.eventId ?? '',
    events: async (cursor: string) =>
      eventsSchema.parse(await call('GET', `fs/events?cursor=${encodeURIComponent(cursor)}&limit=50`)).events,
    op: async (opId: string) => opSchema.parse(await call('GET', `ops/${encodeURIComponent(opId)}`)),
  }
}

export type PracticeClient = ReturnType<typeof createPracticeClient>
