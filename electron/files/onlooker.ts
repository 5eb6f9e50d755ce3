/** Tells whether a person can see what is shown. While nobody can, looking may rest for longer. */
export interface Onlooker {
  readonly isThere: () => boolean
  /** Calls back when somebody comes. Gives what ends it. */
  readonly onCome: (listener: () => void) => () => void
}

/** For whom it is not known. */
export const alwaysThere: Onlooker = { isThere: () => true, onCome: () => () => undefined }
