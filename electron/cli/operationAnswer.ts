import type { Operation, OperationItem } from '../../shared/operations'
import type { CommandContext } from './runCli'
import { oneLine, printable, toTable } from './terminal'

const pageSize = 500

/** An operation with all of its items. */
export async function operationItems(
  { client }: CommandContext,
  operationId: string,
): Promise<{ readonly operation: Operation; readonly items: readonly OperationItem[] }> {
  const first = await client.request('operations:get', { operationId, limit: pageSize })
  const items = [...first.items]
  while (items.length < first.itemsTotal) {
    const next = await client.request('operations:get', { operationId, offset: items.length, limit: pageSize })
    if (next.items.length === 0) break
    items.push(...next.items)
  }
  return { operation: first.operation, items }
}

/** Prints what came of an operation, item by item. */
export function answerOperation(
  { terminal }: CommandContext,
  { operation, items }: { readonly operation: Operation; readonly items: readonly OperationItem[] },
): void {
  const answer = {
    operation: operation.id,
    state: operation.state,
    stopped: operation.stopped,
    items: items.map(({ key, path, way, outcome, detail }) => ({ key, path, way, outcome: outcome ?? 'sent', detail })),
  }
  terminal.answer(answer, () =>
    toTable(
      items.map(({ key, outcome, path, detail }) => [key, outcome ?? 'sent', printable(path ?? ''), oneLine(detail)]),
    ),
  )
}
