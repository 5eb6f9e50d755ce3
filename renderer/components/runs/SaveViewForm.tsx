import { useState } from 'react'
import type { RunViewAsk } from '../../../shared/runViews'
import { useClient } from '../../state/client'
import { showToast } from '../../state/toasts'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { Refusal } from '../Refusal'
import styles from './ViewsMenu.module.css'

/** Saves what the list shows under a name. */
export function SaveViewForm({ ask, isSaved }: { readonly ask: RunViewAsk; readonly isSaved: boolean }) {
  const client = useClient()
  const [name, setName] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const save = (event: React.FormEvent): void => {
    event.preventDefault()
    client.request('views:save', { name, ask }).then(
      () => {
        showToast({ tone: 'done', text: runsTexts.savedTheView(name.trim()), action: null })
        setName('')
        setRefusal(null)
      },
      (error: Error) => setRefusal(error.message),
    )
  }
  return (
    <form className={styles.save} onSubmit={save}>
      <label className={controls.secondary}>
        {isSaved ? runsTexts.saveThisViewUnder : runsTexts.saveWhatIsShown}
        <span className={styles.row}>
          <input
            className={controls.field}
            placeholder={runsTexts.name}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className={controls.button} disabled={name.trim() === ''}>
            {runsTexts.saveView}
          </button>
        </span>
      </label>
      <Refusal text={refusal} />
    </form>
  )
}
