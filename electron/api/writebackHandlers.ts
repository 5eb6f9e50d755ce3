import type { Handlers } from '../../shared/contract'
import { compareVersions, readServerFile } from '../writebacks/compareVersions'
import { exportItems } from '../writebacks/exportItems'
import type { FoldedItem } from '../writebacks/foldItem'
import type { MountContext } from '../writebacks/mountContext'
import type { WritebackDesk } from '../writebacks/writebackDesk'
import type { WritebackQuestion } from '../writebacks/writebackQuery'

type WritebackHandlers = Pick<
  Handlers,
  | 'writebacks:query'
  | 'writebacks:get'
  | 'writebacks:setGroup'
  | 'writebacks:addNote'
  | 'writebacks:history'
  | 'writebacks:preview'
  | 'writebacks:retry'
  | 'writebacks:dismiss'
  | 'writebacks:restore'
  | 'writebacks:server'
  | 'writebacks:compare'
  | 'writebacks:edit'
  | 'writebacks:export'
>

/** The handlers about writebacks: the desk's own acts under their channel names. */
export function createWritebackHandlers(desk: WritebackDesk): WritebackHandlers {
  const { acts } = desk
  const chosen = async ({
    keys,
    filter,
  }: {
    readonly keys?: readonly string[] | undefined
    readonly filter?: WritebackQuestion | undefined
  }): Promise<readonly FoldedItem[]> => (keys ? desk.named(keys) : desk.select(filter ?? { workspaceId: null }))
  const withItem = async <T>(
    key: string,
    action: (context: MountContext, folded: FoldedItem) => Promise<T>,
  ): Promise<T> => {
    const [folded] = desk.named([key])
    const owner = desk.desks().find(({ localDir }) => localDir === folded?.item.mount)
    if (!folded || !owner) throw new Error(`The item ${key} is in no mount`)
    return action(owner.context, folded)
  }
  return {
    'writebacks:query': (input) => desk.query(input),
    'writebacks:get': ({ key }) => desk.get(key),
    'writebacks:setGroup': async (change) => ({ group: await desk.setGroup(change) }),
    'writebacks:addNote': async (note) => ({ group: await desk.addNote(note) }),
    'writebacks:history': (query) => desk.history(query),
    'writebacks:preview': async ({ act, ...which }) => acts.preview(act, await chosen(which)),
    'writebacks:retry': acts.retry,
    'writebacks:dismiss': acts.dismiss,
    'writebacks:restore': ({ keys }) => acts.restore(keys),
    'writebacks:server': ({ key }) => withItem(key, readServerFile),
    'writebacks:compare': ({ key }) => withItem(key, compareVersions),
    'writebacks:edit': acts.edit,
    'writebacks:export': async ({ format, ...which }) => exportItems(await chosen(which), format),
  }
}
