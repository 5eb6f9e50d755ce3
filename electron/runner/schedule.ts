import type { ShellStep } from './parseWorkflow'

/** Which steps may start, in the order of the workflow file. */
export interface Schedule {
  /** The next step that may start and was not handed out yet. */
  readonly next: () => ShellStep | undefined
  /** A step is completed: what waited for it last may start. */
  readonly complete: (name: string) => void
  /** So many steps that will start behind this one, if all goes well: those that wait for it, or for each other, only. */
  readonly after: (name: string, count: number) => readonly ShellStep[]
}

/** The schedule of the steps that are pending; those that are `isDone` hold nobody up. */
export function createSchedule(
  steps: readonly ShellStep[],
  { isPending, isDone }: { readonly isPending: (name: string) => boolean; readonly isDone: (name: string) => boolean },
): Schedule {
  const waitsFor = new Map<string, number>()
  const dependents = new Map<string, ShellStep[]>()
  const ready: ShellStep[] = []
  for (const step of steps) {
    if (!isPending(step.name)) continue
    const open = [...new Set(step.dependsOn)].filter((name) => !isDone(name))
    waitsFor.set(step.name, open.length)
    for (const name of open) addTo(dependents, name, step)
    if (open.length === 0) ready.push(step)
  }
  let handedOut = 0
  return {
    next: () => {
      const step = ready[handedOut]
      if (step) handedOut++
      return step
    },
    complete: (name) => {
      for (const step of dependents.get(name) ?? []) {
        const left = (waitsFor.get(step.name) ?? 0) - 1
        waitsFor.set(step.name, left)
        if (left === 0) ready.push(step)
      }
    },
    after: (name, count) => {
      const found: ShellStep[] = []
      for (
        let last: string | undefined = name, at = 0;
        last !== undefined && found.length < count;
        last = found[at++]?.name
      )
        found.push(...(dependents.get(last) ?? []).filter((step) => waitsFor.get(step.name) === 1))
      return found.slice(0, count)
    },
  }
}

function addTo(lists: Map<string, ShellStep[]>, name: string, step: ShellStep): void {
  const list = lists.get(name)
  if (list) list.push(step)
  else lists.set(name, [step])
}
