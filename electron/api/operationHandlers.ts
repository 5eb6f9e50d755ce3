import type { Handlers } from '../../shared/contract'
import { auditOf, operationsThatFit } from '../writebacks/audit'
import { exportAudit } from '../writebacks/exportItems'
import type { WritebackDesk } from '../writebacks/writebackDesk'

type OperationHandlers = Pick<
  Handlers,
  | 'operations:list'
  | 'operations:get'
  | 'operations:pause'
  | 'operations:resume'
  | 'operations:abort'
  | 'operations:close'
  | 'operations:undo'
  | 'audit:query'
  | 'audit:export'
>

/** The handlers about operations and what the ledgers tell of them. */
export function createOperationHandlers({ operations, acts }: WritebackDesk): OperationHandlers {
  return {
    'operations:list': async ({ offset, limit, ...question }) => {
      const found = operationsThatFit(await operations.all(), question)
      return { operations: found.slice(offset, offset + limit), total: found.length }
    },
    'operations:get': (request) => operations.page(request),
    'operations:pause': async ({ operationId }) => ({ operation: await operations.pause(operationId) }),
    'operations:resume': async ({ operationId }) => ({ operation: await operations.resume(operationId) }),
    'operations:abort': async ({ operationId }) => ({ operation: await operations.abort(operationId) }),
    'operations:close': async ({ operationId }) => ({ operation: await operations.close(operationId) }),
    'operations:undo': ({ operationId }) => acts.undo(operationId),
    'audit:query': async ({ offset, limit, ...question }) => {
      const found = await auditOf(operations.parts(), question)
      return { entries: found.slice(offset, offset + limit), total: found.length }
    },
    'audit:export': async ({ format, ...question }) => exportAudit(await auditOf(operations.parts(), question), format),
  }
}
