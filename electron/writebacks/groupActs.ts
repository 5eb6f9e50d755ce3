import { randomBytes } from 'node:crypto'
import { RundeskError } from '../../shared/outcome'
import type { GroupState, WritebackGroup } from '../../shared/writebacks'
import type { GroupLine, GroupStore } from './groupStore'
import { mergeSaid, type Said } from './groups'

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

/** What people say about causes, wherever these happen. */
export interface GroupActs {
  readonly said: (groupKey: string) => Said
  /** Says what is to become of a cause, beside the data of every mount that it happens in. Throws `not_found`, `unreadable`. */
  readonly setGroup: (change: {
    readonly groupKey: string
    readonly state: GroupState
    readonly until?: string | null | undefined
  }) => Promise<WritebackGroup>
  /** Adds words to a cause; throws as `setGroup` does. */
  readonly addNote: (note: { readonly groupKey: string; readonly text: string }) => Promise<WritebackGroup>
}

export function createGroupActs({
  stores,
  groups,
  mountsOf,
  by,
  onWritten,
}: {
  /** By the folder of their mount. */
  readonly stores: () => ReadonlyMap<string, GroupStore>
  /** The causes with this key as they are now: one or none. */
  readonly groups: (groupKey: string) => Promise<readonly WritebackGroup[]>
  /** The mounts that a cause happens in. */
  readonly mountsOf: (groupKey: string) => ReadonlySet<string>
  readonly by: string
  readonly onWritten: (mounts: ReadonlySet<string>) => void
}): GroupActs {
  const groupOf = async (groupKey: string): Promise<WritebackGroup> => {
    const found = (await groups(groupKey)).find(({ key }) => key === groupKey)
    if (!found)
      throw new RundeskError(
        'not_found',
        `There is no group ${JSON.stringify(groupKey)}: nothing fails that way any more.`,
      )
    return found
  }
  const write = async (
    groupKey: string,
    line: DistributiveOmit<GroupLine, 'groupKey' | 'at' | 'by'>,
  ): Promise<void> => {
    const { key } = await groupOf(groupKey)
    const mounts = mountsOf(key)
    const at = new Date().toISOString()
    for (const mount of mounts)
      await stores()
        .get(mount)
        ?.write({ ...line, groupKey, at, by } satisfies GroupLine)
    onWritten(mounts)
  }

  return {
    said: (groupKey) =>
      mergeSaid(
        [...stores().values()].map((store) => ({ verdict: store.verdict(groupKey), notes: store.notes(groupKey) })),
      ),
    setGroup: async ({ groupKey, state, until }) => {
      await write(groupKey, { kind: 'state', state, until: state === 'ignored' ? (until ?? null) : null })
      return groupOf(groupKey)
    },
    addNote: async ({ groupKey, text }) => {
      await write(groupKey, { kind: 'note', id: randomBytes(8).toString('hex'), text })
      return groupOf(groupKey)
    },
  }
}
