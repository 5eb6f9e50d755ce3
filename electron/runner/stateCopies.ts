import { type StateFile, writeStateFile } from './stateFile'

type State = Readonly<Record<string, unknown>>

/** The copies of a run's state that its attempts see. */
export interface StateCopies {
  /** Where a copy will most likely be. */
  readonly expected: (name: string) => string
  /** The copy `name` of a state. Throws the system's error where there is room for it nowhere. */
  readonly make: (name: string, state: State) => StateFile
  /** Makes the copy that will probably be the next, so that `make` with the same finds it, if nobody touched it. */
  readonly foresee: (name: string, state: State) => void
}

/** Makes copies in the folder `memoryDir`, or where there is no room in `diskDir`. A state that changes is another object. */
export function createStateCopies({
  memoryDir,
  diskDir,
}: {
  readonly memoryDir: string
  readonly diskDir: string
}): StateCopies {
  const expected = (name: string): string => `${memoryDir}/${name}`
  let foreseen: { readonly name: string; readonly state: State; readonly copy: StateFile } | undefined
  return {
    expected,
    make: (name, state) => {
      const known = foreseen
      foreseen = undefined
      if (known?.name === name && known.state === state && known.copy.isUntouched()) return known.copy
      try {
        return writeStateFile(expected(name), state)
      } catch {
        return writeStateFile(`${diskDir}/${name}`, state)
      }
    },
    foresee: (name, state) => {
      if (foreseen?.name === name && foreseen.state === state) return
      try {
        foreseen = { name, state, copy: writeStateFile(expected(name), state) }
      } catch {
        // It is made when it is needed.
      }
    },
  }
}
