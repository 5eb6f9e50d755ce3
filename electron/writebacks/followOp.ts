import type { Outcome } from './outcomes'
import { type ServerApi, ServerRefusal } from './serverApi'

/** What an operation of the server has come to; null when the server does not know it or does not let it be asked. */
export async function followOp(server: ServerApi, opId: string, signal: AbortSignal): Promise<Outcome | null> {
  try {
    const op = await server.getOp(opId, signal)
    if (op === null) return null
    switch (op.status) {
      case 'succeeded':
        return { outcome: 'delivered', detail: `The server confirmed it (${opId}).` }
      case 'failed':
      case 'dead_lettered':
      case 'canceled':
        return {
          outcome: 'failed',
          detail: `The provider refused it after the server took it: ${op.lastError ?? op.status}`,
          opId,
        }
      default:
        return { outcome: 'sent', detail: `Sent, not confirmed: the server accepted it (${opId}, ${op.status}).`, opId }
    }
  } catch (error) {
    if (error instanceof ServerRefusal && (error.status === 403 || error.status === 401)) return null
    return { outcome: 'sent', detail: `Sent, not confirmed: the server accepted it (${opId}).`, opId }
  }
}
