import type { Operation, OperationItem } from '../../shared/operations'
import type { CommandContext } from './runCli'
import { oneLine, toTable } from './terminal'

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
  const { id, act, state, by, reason, startedAt, endedAt, stopped } = operation
  const answer = {
    ...{ operation: id, act, state, by, reason, startedAt, endedAt, stopped },
    items: items.map(({ key, path, way, outcome, detail }) => ({ key, path, way, outcome, detail })),
  }
  terminal.answer(answer, () =>
    toTable(
      items.map(({ key, way, outcome, path, detail }) => [
        ...[key, outcome ?? (way === null ? 'not begun' : 'begun'), oneLine(path ?? '', 60)],
        oneLine(detail),
      ]),
    ),
  )
}

/** Says what an operation waits for, or why it ended early; nothing of one that came to its end. */
export function sayState({ terminal }: CommandContext, { id, state, stopped, done, total }: Operation): void {
  const goOn = `Go on with: rundesk operations continue ${id}`
  const say = (text: string): void => terminal.say(`rundesk: ${text}`)
  if (state === 'paused') say(`it waits: ${stopped ?? 'it was paused.'} ${goOn}`)
  else if (state === 'interrupted')
    say(`it waits: ${stopped ?? 'it was interrupted.'} ${goOn}, or end it with: rundesk operations close ${id}`)
  else if (state === 'running') say(`it goes on: ${done} of ${total} are done.`)
  else if (state === 'following') say('everything was sent, and not all of it is confirmed yet.')
  else if (stopped !== null) say(stopped)
}
