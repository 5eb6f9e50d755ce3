/** A change that a victim announced before it made it; `done` when it said afterwards that it stands. */
export interface Change {
  readonly id: string
  readonly done: boolean
}

/** What a victim knows of itself. */
export interface Life {
  readonly dir: string
  /** Tells the parent that a promise was broken, as seen from inside. */
  readonly complain: (text: string) => void
}

/** Makes one change, which carries this id so that it can be found again. Ids are `<life>-<n>`, and never used twice. */
export type MakeChange = (id: string) => Promise<void>

/**
 * One thing that must survive kill -9 at any moment. The victim runs in a process of its own; the expectation lives in
 * the parent, from what came through the victim's pipe.
 */
export interface Scenario {
  /** How many victims work in the folder at the same time when the moments are random. */
  readonly victims: 1 | 2
  /** How many changes a victim makes when every point of it is tried. */
  readonly changes: number
  /** For victims that live long: only calls that change what others see, and writes cut in the middle alone. */
  readonly fewerPoints?: boolean
  /** In the parent: makes the folder ready for its first victim. */
  readonly prepare: (dir: string) => Promise<void>
  /** In the victim: opens what the changes need. */
  readonly open: (life: Life) => Promise<MakeChange>
  /**
   * In the parent, when all victims are dead: gives what is wrong. Acknowledged changes must stand, once; the others may
   * stand, once. It works on as the next process would, with a change of its own under the id `heir`.
   */
  readonly check: (after: Aftermath) => Promise<readonly string[]>
}

export interface Aftermath {
  readonly dir: string
  /** All changes of all victims of this folder, in the order in which each victim announced them. */
  readonly changes: readonly Change[]
  /** How many processes were killed in this folder so far. */
  readonly kills: number
  /** Dead processes whose temporary files may still lie there, because no new process has worked in the folder since. */
  readonly freshlyDead: readonly number[]
  /** An id for the parent's own change; it counts as acknowledged from then on. */
  readonly heir: string
  /** Called when the check has ended. */
  readonly onEnd: (close: () => Promise<unknown>) => void
}

/** Compares what stands with what was told: every acknowledged change once, every other one at most once, nothing else. */
export function compareChanges(standing: readonly string[], { changes, heir }: Aftermath): readonly string[] {
  const counts = new Map<string, number>()
  for (const id of standing) counts.set(id, (counts.get(id) ?? 0) + 1)
  const known = new Set([heir, ...changes.map(({ id }) => id)])
  return [
    ...changes.flatMap(({ id, done }) => (done && !counts.has(id) ? [`the acknowledged change ${id} is lost`] : [])),
    ...[...counts].flatMap(([id, count]) => (count > 1 ? [`the change ${id} stands ${count} times`] : [])),
    ...[...counts.keys()].flatMap((id) => (known.has(id) ? [] : [`nobody made the change ${id}`])),
  ]
}
