import { setTimeout as sleep } from 'node:timers/promises'

export interface Reply {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
  readonly attempts: number
  readonly correlationId: string
}
export type ServerClient = (method: string, route: string, body?: object) => Promise<Reply>

/** Calls the workspace's HTTP API. 429 and 5xx are tried four times; a transport error is thrown. */
export function serverClient(serverUrl: string, token: string, workspaceId: string): ServerClient {
  return async (method, route, body) => {
    for (let attempts = 1; ; attempts++) {
      const correlationId = `mount_${BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n)}`
      const response = await fetch(`${serverUrl}/v1/workspaces/${workspaceId}/${route}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          'X-Correlation-Id': correlationId,
          'Content-Type': 'application/json',
        },
        signal: AbortSignal.timeout(10_000),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await response.text()
      const { status } = response
      if ((status === 429 || status >= 500) && attempts < 4) await sleep(50 * 2 ** attempts)
      else return { status, text, body: parse(text), attempts, correlationId }
    }
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
