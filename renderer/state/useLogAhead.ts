import { useEffect } from 'react'
import type { RunDetail, Step } from '../../shared/runs'
import { useClient } from './client'
import { firstErrorRow } from './firstErrorRow'

/** A failed step that is looked at for so long has its log looked through, in ms. */
const restMs = 250
/** Longer logs are looked through only when they are opened, in bytes. */
const mostBytes = 256 * 1024 * 1024

/**
 * Has main look for the first error in the log of a failed step's last attempt, and count the lines up to it: whoever
 * looks at such a step mostly opens its log next. What main found is kept there.
 */
export function useLogAhead({ workspaceId, id: runId }: RunDetail, step: Step | undefined): void {
  const client = useClient()
  const attempt = step?.attempts.at(-1)
  const number = attempt?.status === 'failed' ? attempt.number : null
  const stepName = step?.name ?? ''
  useEffect(() => {
    if (number === null) return
    const look = async (): Promise<void> => {
      const choice = { workspaceId, runId, stepName, attempt: number, rollback: false }
      const { sizeBytes } = await client.request('runs:logLines', { ...choice, fromLine: 1, count: 0 })
      if (sizeBytes > mostBytes) return
      const row = await firstErrorRow(client, choice)
      if (row !== null) await client.request('runs:logLines', { ...choice, fromLine: row, count: 1 })
    }
    const timer = setTimeout(() => look().catch(() => undefined), restMs) // Who opens the log is told what is wrong.
    return () => clearTimeout(timer)
  }, [client, workspaceId, runId, stepName, number])
}
