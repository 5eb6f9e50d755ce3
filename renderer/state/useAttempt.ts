import { useState } from 'react'

/** One act of a dialog: whether it goes on, and why the last try was refused. */
export interface Attempt {
  readonly busy: boolean
  readonly refusal: string | null
  /** Does nothing while one goes on. After a success it stays busy: something else is shown then. */
  readonly attempt: <T>(act: () => Promise<T>, onDone?: (result: T) => void) => void
}

export function useAttempt(): Attempt {
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  return {
    busy,
    refusal,
    attempt: (act, onDone) => {
      if (busy) return
      setBusy(true)
      act().then(onDone, (error: Error) => {
        setRefusal(error.message)
        setBusy(false)
      })
    },
  }
}
