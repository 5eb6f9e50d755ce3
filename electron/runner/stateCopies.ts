import { type StateFile, writeStateFile } from './stateFile'

type State = Readonly<Record<string, unknown>>

/** The copies of a run's state that its attempts see. */
export interface StateCopies {
  /** The copy `name` of a state. Throws the system's error where there is room for it nowhere. */
  readonly make: (name: string, state: State) => StateFile
  /** Makes the copy that will probably be the next, so that `make` with the same finds it. */
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
  let foreseen: { readonly name: string; readonly state: State; readonly copy: StateFile } | undefined
  return {
    make: (name, state) => {
      const known = foreseen
      foreseen = undefined
      if (known?.name === name && known.state === state) return known.copy
      try {
        return writeStateFile(`${memoryDir}/${name}`, state)
      } catch {
        return writeStateFile(`${diskDir}/${name}`, state)
      }
    },
    foresee: (name, state) => {
      if (foreseen?.name === name && foreseen.state === state) return
      try {
        foreseen = { name, state, copy: writeStateFile(`${memoryDir}/${name}`, state) }
      } catch {
        // It is made when it is needed.
      }
    },
  }
}
