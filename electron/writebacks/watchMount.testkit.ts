import { onTestFinished } from 'vitest'
import type { WritebackItem } from '../../shared/writebacks'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createMountStore, type MountStore, type MountView, type SeenEvidence } from './mountStore'

/** What a test sees of a mount. */
export interface WatchedMount {
  readonly store: MountStore
  readonly seen: SeenEvidence[]
  /** Looks at every file, and gives what is there. */
  readonly look: () => Promise<MountView>
  readonly states: () => Promise<readonly (readonly [string | null, string])[]>
  readonly item: (path: string) => Promise<WritebackItem>
  readonly problemCodes: () => Promise<readonly string[]>
}

/** Follows a mount without a desk around it. */
export async function watchMount(
  localDir: string,
  { watched = false, home }: { readonly watched?: boolean; readonly home?: string } = {},
): Promise<WatchedMount> {
  const none: ReadonlyMap<string, number> = new Map()
  const seen: SeenEvidence[] = []
  const store = createMountStore({
    localDir,
    workspaceId: 'w',
    home: home ?? (await makeTemporaryFolder()),
    watched,
    verified: () => none,
    onSeen: (evidence) => seen.push(evidence),
  })
  onTestFinished(store.close)
  const look = async (): Promise<MountView> => {
    await store.refresh({ sweep: true })
    const view = store.view()
    if (!view) throw new Error('The mount was not read')
    return view
  }
  return {
    store,
    seen,
    look,
    states: async () => (await look()).items.map(({ item }) => [item.path, item.state] as const),
    item: async (path) => {
      const found = (await look()).byPath(path)
      if (!found) throw new Error(`There is no item ${path}`)
      return found.item
    },
    problemCodes: async () => (await look()).scan.problems.map(({ code }) => code),
  }
}
