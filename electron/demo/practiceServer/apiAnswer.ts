import type { FaultBook } from './practiceFaults'
import type { PracticeFiles } from './practiceFiles'

/** One call of the API, as far as it was understood. */
export interface ApiCall {
  readonly method: string
  /** The path behind `/v1/workspaces/<id>/`. */
  readonly route: string
  readonly query: URLSearchParams
  /** The JSON body; undefined when there is none, or it is none. */
  readonly body: unknown
  readonly ifMatch: string | undefined
  readonly correlationId: string
  readonly workspaceId: string
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What a route works on. */
export interface ApiContext {
  readonly files: PracticeFiles
  readonly faults: FaultBook
  readonly call: ApiCall
}

export type Route = (context: ApiContext) => ApiAnswer

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { status: 200, body, headers }
}

/** An error as the API answers it; `more` are the keys that only this error has. */
export function refuse(
  { correlationId }: Pick<ApiCall, 'correlationId'>,
  { status, code, message, ...more }: { readonly status: number; readonly code: string; readonly message: string },
): ApiAnswer {
  return { status, body: { code, correlationId, message, ...more } }
}

export const notFound = { status: 404, code: 'not_found', message: 'not found' }
export const badJson = { status: 400, code: 'bad_request', message: 'invalid json body' }
