import type { DeliveryWay, ItemOutcome } from '../../shared/operations'
import { settledStates } from '../../shared/writebacks'
import type { DeadLetter } from './deadLetters'
import type { LedgerLine, MovedFile } from './ledgerLines'
import type { MountContext } from './mountContext'
import type { MountView } from './mountStore'
import { plannedMoves } from './trash'

/** What came of one try. */
export interface Outcome {
  readonly outcome: ItemOutcome
  readonly detail: string
  /** The server's operation, while its end is awaited. */
  readonly opId?: string
  /** Another way to be tried now. */
  readonly next?: DeliveryWay
}

/** The ledger's line for an outcome. */
export function outcomeLine(
  id: string,
  key: string,
  { outcome, detail, opId }: Outcome,
  moved: readonly MovedFile[] = [],
): LedgerLine {
  const at = new Date().toISOString()
  return { kind: 'outcome', id, key, at, outcome, detail, moved: [...moved], ...(opId === undefined ? {} : { opId }) }
}

/** Writes down what came of an item, and where the evidence of a verified delivery goes when it is tidied up. */
export async function writeOutcome(context: MountContext, id: string, key: string, outcome: Outcome): Promise<void> {
  const path = context.ledger.operation(id)?.item(key)?.path ?? null
  const view = context.view()
  const moves =
    outcome.outcome === 'delivered' && path !== null && view ? settledMoves(context, { id, path, view }) : []
  await context.ledger.write([outcomeLine(id, key, outcome, moves)])
  context.onOperationChanged(id)
}

/** The moves of all evidence of a path that is settled with it. */
export function settledMoves(
  context: MountContext,
  { id, path, view }: { readonly id: string; readonly path: string; readonly view: MountView },
): readonly MovedFile[] {
  const letters = view.byPath(path)?.letters ?? []
  const settled = whollySettled(
    letters,
    view,
    (other, { atMs }) => other === path || (context.ledger.verifiedMs(other) ?? -1) >= (atMs ?? 0),
  )
  return plannedMoves(settled, { mountDir: context.localDir, operationId: id })
}

/** Letters that also belong to other paths leave only when all of these are settled. */
export function whollySettled(
  letters: readonly DeadLetter[],
  { scan, byPath }: MountView,
  isSettled: (path: string, letter: DeadLetter) => boolean,
): readonly DeadLetter[] {
  return letters.filter((letter) =>
    scan.pathsOf(letter.file).every((path) => {
      if (isSettled(path, letter)) return true
      const other = byPath(path)
      return other === undefined || settledStates.includes(other.item.state)
    }),
  )
}
