import { useEffect } from 'react'
import { troubleWords } from '../../shared/rules/troubleWords'
import { useClient } from './client'
import { navigate } from './route'
import { showToast } from './toasts'

/** Tells of writebacks that begin to need a person, and leads to them, here or from a notification of the desktop. */
export function useTrouble(): void {
  const client = useClient()
  useEffect(() => {
    const show = (workspaceId: string): void => navigate({ screen: 'writebacks', workspaceId })
    const stops = [
      client.on('writebacks:trouble', ({ workspaceId, ...trouble }) => {
        const { title, body } = troubleWords(trouble)
        const action = { label: 'Show', run: () => show(workspaceId) }
        showToast({ tone: 'refused', text: `${title}. ${body}`, action })
      }),
      client.on('writebacks:show', ({ workspaceId }) => show(workspaceId)),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client])
}
