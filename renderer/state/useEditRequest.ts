import { useState } from 'react'
import type { Input } from '../../shared/contract'
import type { OperationPage } from '../../shared/operations'
import { useClient } from './client'

/** Sends what a file is to be instead, and keeps why it was refused. */
export function useEditRequest(onBegun: (page: OperationPage) => void): {
  readonly busy: boolean
  readonly refusal: string | null
  readonly send: (edit: Input<'writebacks:edit'>) => void
} {
  const client = useClient()
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const refuse = (why: string): void => {
    setRefusal(why)
    setBusy(false)
  }
  return {
    busy,
    refusal,
    send: (edit) => {
      setBusy(true)
      setRefusal(null)
      client.request('writebacks:edit', edit).then(
        (page) => {
          const [only] = page.items
          if (only?.outcome === 'refused' || only?.outcome === 'changed') refuse(only.detail)
          else onBegun(page)
        },
        (error: Error) => refuse(error.message),
      )
    },
  }
}
