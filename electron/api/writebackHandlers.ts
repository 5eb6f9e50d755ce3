import type { Handlers } from '../../shared/contract'
import type { WritebackDesk } from '../writebacks/writebackDesk'

type WritebackHandlers = Pick<
  Handlers,
  | 'writebacks:query'
  | 'writebacks:get'
  | 'writebacks:setGroup'
  | 'writebacks:addNote'
  | 'writebacks:history'
  | 'writebacks:retry'
  | 'writebacks:dismiss'
  | 'writebacks:restore'
  | 'operations:get'
>

/** The handlers about writebacks: the desk's own acts under their channel names. */
export function createWritebackHandlers(desk: WritebackDesk): WritebackHandlers {
  return {
    'writebacks:query': (input) => desk.query(input),
    'writebacks:get': ({ key }) => desk.get(key),
    'writebacks:setGroup': async (change) => ({ group: await desk.setGroup(change) }),
    'writebacks:addNote': async (note) => ({ group: await desk.addNote(note) }),
    'writebacks:history': (query) => desk.history(query),
    'writebacks:retry': async (input) => ({ operation: await desk.retry(input) }),
    'writebacks:dismiss': async (input) => ({ operation: await desk.dismiss(input) }),
    'writebacks:restore': async (input) => ({ operation: await desk.restore(input) }),
    'operations:get': async ({ operationId }) => ({ operation: await desk.operation(operationId) }),
  }
}
