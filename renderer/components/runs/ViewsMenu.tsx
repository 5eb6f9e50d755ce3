import { useState } from 'react'
import { isKey } from '../../../shared/rules/pressedKeys'
import { builtInViews, type RunView } from '../../../shared/runViews'
import { useClient } from '../../state/client'
import { navigate, type RunsRoute } from '../../state/route'
import { refuse, showToast } from '../../state/toasts'
import { useSavedViews } from '../../state/useSavedViews'
import { isSameView, viewAskOf, viewRoute } from '../../state/viewRoute'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { Popover } from './Popover'
import { SaveViewForm } from './SaveViewForm'
import styles from './ViewsMenu.module.css'

/** The views that everybody has and one's own, and a way to save what the list shows now. */
export function ViewsMenu({ route }: { readonly route: RunsRoute }) {
  const { views, trouble } = useSavedViews()
  const ask = viewAskOf(route)
  const current = [...builtInViews, ...views].find((view) => isSameView(view.ask, ask))
  return (
    <Popover
      label={runsTexts.views}
      words={
        <span className={`${controls.ellipsis} ${styles.words}`}>
          {current ? runsTexts.view(current.name) : runsTexts.views} ▾
        </span>
      }
    >
      {(close) => {
        const open = (view: RunView): void => {
          navigate(viewRoute(route.workspaceId, view.ask))
          close()
        }
        return (
          <div className={styles.menu}>
            <ul className={styles.views} data-group aria-label={runsTexts.viewsOfEverybody}>
              {builtInViews.map((view) => (
                <li key={view.id}>
                  <ViewButton view={view} current={view === current} onOpen={() => open(view)} />
                </li>
              ))}
            </ul>
            {views.length > 0 && (
              <ul className={styles.views} data-group aria-label={runsTexts.yourViews}>
                {views.map((view) => (
                  <OwnView key={view.id} view={view} current={view === current} onOpen={() => open(view)} />
                ))}
              </ul>
            )}
            {trouble !== null && (
              <p className={styles.trouble} role="alert">
                {runsTexts.whenYouSaveAView(trouble)}
              </p>
            )}
            <SaveViewForm ask={ask} isSaved={current !== undefined} />
          </div>
        )
      }}
    </Popover>
  )
}

function ViewButton({
  view,
  current,
  onOpen,
}: {
  readonly view: RunView
  readonly current: boolean
  readonly onOpen: () => void
}) {
  return (
    <button
      type="button"
      className={`${styles.view} ${controls.ellipsis}`}
      aria-current={current ? 'true' : undefined}
      title={view.name}
      onClick={onOpen}
    >
      {view.name}
    </button>
  )
}

function OwnView({
  view,
  current,
  onOpen,
}: {
  readonly view: RunView
  readonly current: boolean
  readonly onOpen: () => void
}) {
  const client = useClient()
  const [name, setName] = useState<string | null>(null)
  const rename = (): void => {
    if (name === null || name.trim() === '') return
    client.request('views:save', { ...view, name }).then(() => setName(null), refuse)
  }
  const remove = (): void => {
    const bringBack = (): void => {
      client.request('views:save', { name: view.name, ask: view.ask }).catch(refuse)
    }
    client.request('views:remove', { id: view.id }).then(() => {
      showToast({
        tone: 'done',
        text: runsTexts.removedTheView(view.name),
        action: { label: runsTexts.undo, run: bringBack },
      })
    }, refuse)
  }
  if (name !== null)
    return (
      <li className={styles.own}>
        <input
          // biome-ignore lint/a11y/noAutofocus: it stands where the button was that was pressed
          autoFocus
          className={controls.field}
          aria-label={runsTexts.newNameOf(view.name)}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (isKey(event, 'settle')) rename()
          }}
        />
        <button type="button" className={controls.plain} onClick={rename}>
          {runsTexts.rename}
        </button>
      </li>
    )
  return (
    <li className={styles.own}>
      <ViewButton view={view} current={current} onOpen={onOpen} />
      <button
        type="button"
        className={controls.plain}
        aria-label={runsTexts.renameTheView(view.name)}
        onClick={() => setName(view.name)}
      >
        {runsTexts.rename}
      </button>
      <button type="button" className={controls.plain} aria-label={runsTexts.removeTheView(view.name)} onClick={remove}>
        {runsTexts.remove}
      </button>
    </li>
  )
}
