import { useState } from 'react'
import { actsTexts } from '../texts/en/acts'
import { useClient } from './client'
import { refuse, showToast } from './toasts'
import type { RunChoice } from './useRunSelection'

/** What is being asked, or done, with chosen runs. */
export interface RunBulk {
  /** The runs of which a cancel is being looked at; null when none is. */
  readonly asking: RunChoice | null
  readonly ask: (choice: RunChoice) => void
  readonly close: () => void
  /** Begins to cancel a frozen set. Throws what main refuses. */
  readonly begin: (setId: string, confirmed: boolean) => Promise<void>
  readonly stop: (setId: string) => void
}

/** Cancels chosen runs, after they were shown. */
export function useRunBulk(): RunBulk {
  const client = useClient()
  const [asking, setAsking] = useState<RunChoice | null>(null)
  return {
    asking,
    ask: setAsking,
    close: () => setAsking(null),
    begin: async (setId, confirmed) => {
      await client.request('runs:cancelAll', { setId, confirmed })
    },
    stop: (setId) => {
      client
        .request('runs:stopBulk', { setId })
        .then(() => showToast({ tone: 'done', text: actsTexts.noOtherRunIsCancelled, action: null }), refuse)
    },
  }
}

/** The chosen runs as main is told of them. */
export function toRefs(
  choice: RunChoice,
): { readonly order: string } | { readonly runs: { workspaceId: string; runId: string }[] } {
  if (choice.kind === 'all') return { order: choice.order }
  return { runs: [...choice.runs.values()].map(({ workspaceId, id }) => ({ workspaceId, runId: id })) }
}
