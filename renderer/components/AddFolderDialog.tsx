import { type FormEvent, useState } from 'react'
import { useClient } from '../state/client'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { Dialog } from './Dialog'

/** Adds a folder by its path, where there is no system dialog. */
export function AddFolderDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const [path, setPath] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    client.request('workspaces:add', { path }).then(onClose, (error: Error) => setRefusal(error.message))
  }
  return (
    <Dialog title={windowTexts.addAFolder} onClose={onClose}>
      <form onSubmit={submit}>
        <label>
          {windowTexts.folderPath}
          <input
            className={controls.field}
            value={path}
            onChange={(event) => setPath(event.target.value)}
            required
            style={{ width: '100%', marginTop: 4 }}
          />
        </label>
        <p className={controls.secondary}>{windowTexts.aFolderThatWorkflows}</p>
        {refusal !== null && <p role="alert">{refusal}</p>}
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {windowTexts.close}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`}>
            {windowTexts.addFolder}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
