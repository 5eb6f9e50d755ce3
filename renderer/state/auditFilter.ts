import { type ItemOutcome, itemOutcomes, type OperationAct, operationActs } from '../../shared/operations'
import { dayEdge } from '../../shared/rules/dayEdge'
import type { DeskRoute } from './deskRoute'

/** Which operations, or which of their items. */
export interface AuditFilter {
  readonly search?: string
  readonly act?: OperationAct
  readonly by?: string
  readonly from?: string
  readonly to?: string
  readonly outcome?: ItemOutcome
}

/** What an address asks of operations and audit. Days are the person's own, both included. */
export function auditFilterOf({ ask = {} }: Pick<DeskRoute, 'ask'>): AuditFilter {
  const act = operationActs.find((known) => known === ask.act)
  const outcome = itemOutcomes.find((known) => known === ask.outcome)
  const from = dayEdge(ask.from, 'first')
  const to = dayEdge(ask.to, 'last')
  return {
    ...(ask.q ? { search: ask.q } : {}),
    ...(act ? { act } : {}),
    ...(ask.by ? { by: ask.by } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(outcome ? { outcome } : {}),
  }
}
