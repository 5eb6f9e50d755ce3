/** A newer Rundesk that was found and whose manifest is signed. */
export interface FoundUpdate {
  readonly version: string
}

/** Where newer ones come from, and how they get in place of this one. */
export interface UpdateSource {
  /** How to get it where Rundesk cannot replace itself; null where it can. */
  readonly byHand: string | null
  /** Asks the server. Null when this is the newest. Throws what is to be told. */
  readonly find: () => Promise<FoundUpdate | null>
  /** Downloads what was found and checks that it is what was signed. Throws what is to be told. */
  readonly download: (onProgress: (percent: number) => void) => Promise<void>
  /** Checks again what was downloaded, and puts it in place as far as that can be while this one runs. Throws what is to be told. */
  readonly place: () => Promise<void>
  /** Does the rest, when Rundesk is about to end. With `restart` the new one is started. */
  readonly finish: (options: { readonly restart: boolean }) => void
}
