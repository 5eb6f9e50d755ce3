import { useEffect, useRef, useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { isKey } from '../../shared/rules/pressedKeys'
import type { WorkflowFileEntry } from '../../shared/workflows'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { SplitPane } from '../components/SplitPane'
import { WorkflowFiles } from '../components/WorkflowFiles'
import { isTyping } from '../state/keys'
import { navigate, type Route } from '../state/route'
import { shownKeyOf } from '../state/shortcutKeys'
import { useMirror } from '../state/useMirror'
import { useRefreshOnFocus } from '../state/useRefreshOnFocus'
import controls from '../styles/controls.module.css'
import { StartPlan } from './StartPlan'
import styles from './StartScreen.module.css'

type StartRoute = Extract<Route, { screen: 'start' }>

/** Starts a workflow: a file is picked, its variables filled, its plan seen. */
export function StartScreen({
  route,
  workspaces,
  unavailable,
}: {
  readonly route: StartRoute
  readonly workspaces: readonly Workspace[]
  /** Why nothing can be started here; null where it can. */
  readonly unavailable: string | null
}) {
  const usable = workspaces.filter(({ trouble }) => trouble === null)
  const workspace = usable.find(({ id }) => id === route.workspaceId) ?? usable[0]
  useBackKey(route)
  return (
    <section className={styles.screen} aria-label="Start a workflow">
      <div className={controls.bar}>
        <h1>Start a workflow</h1>
        {usable.length > 1 && workspace && (
          <label>
            in{' '}
            <select
              aria-label="Workspace"
              className={controls.field}
              value={workspace.id}
              onChange={(event) =>
                navigate({ screen: 'start', workspaceId: event.target.value, file: null, workflow: null })
              }
            >
              {usable.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {unavailable !== null && <span role="alert">{unavailable}</span>}
      </div>
      {workspace ? (
        <Files key={workspace.id} workspace={workspace} route={route} unavailable={unavailable} />
      ) : (
        <EmptyMessage title="There is no folder to start in">
          <p>Add a folder first: the workflow files in it are listed here.</p>
        </EmptyMessage>
      )}
    </section>
  )
}

function Files({
  workspace,
  route,
  unavailable,
}: {
  readonly workspace: Workspace
  readonly route: StartRoute
  readonly unavailable: string | null
}) {
  const [search, setSearch] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const { value, failure, refresh } = useMirror(
    `workflows ${workspace.id}`,
    (client) => client.request('workflows:list', { workspaceId: workspace.id }),
    [],
  )
  useRefreshOnFocus(refresh)
  useSearchKey(field)
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  if (value.files.length === 0) {
    return (
      <EmptyMessage title={`${workspace.name} holds no workflow files`}>
        <p>
          Rundesk looks for <code>*.yaml</code> files that hold workflows at the top of the folder, in{' '}
          <code>workflows/</code> and in <code>.relay/workflows/</code>.
        </p>
        <p className="mono">{workspace.path}</p>
        <button type="button" className={controls.button} onClick={() => void refresh()}>
          Look again
        </button>
      </EmptyMessage>
    )
  }
  const choose = (file: string): void =>
    navigate({ screen: 'start', workspaceId: workspace.id, file, workflow: null }, { replace: true })
  const files = value.files.filter((entry) => matches(entry, search))
  const chosen = route.file ?? (value.files.length === 1 ? value.files[0]?.file : undefined) ?? null
  return (
    <SplitPane
      name="workflow files"
      initial={34}
      narrow={chosen === null ? 'both' : 'bottom'}
      beside
      top={
        <section className={styles.files} aria-label="Workflow files">
          <div className={controls.bar}>
            <input
              ref={field}
              type="search"
              className={controls.field}
              aria-label="Search workflow files"
              placeholder={`Search files  ( ${shownKeyOf('search')} )`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <span className={controls.secondary}>
              {files.length === value.files.length
                ? `${files.length}${value.cut ? ' and more' : ''}`
                : `${files.length} of ${value.files.length}`}
            </span>
          </div>
          {files.length === 0 ? (
            <EmptyMessage title="No file has this name">
              <button type="button" className={controls.button} onClick={() => setSearch('')}>
                Clear search
              </button>
            </EmptyMessage>
          ) : (
            <WorkflowFiles files={files} chosen={chosen} onChoose={choose} />
          )}
        </section>
      }
      bottom={
        chosen === null ? (
          <EmptyMessage title="Choose a workflow file" />
        ) : (
          <StartPlan
            key={`${chosen} ${route.workflow}`}
            workspace={workspace}
            file={chosen}
            workflow={route.workflow}
            unavailable={unavailable}
          />
        )
      }
    />
  )
}

function matches({ file, name, description, workflows }: WorkflowFileEntry, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return [file, name, description ?? '', ...workflows].some((text) => text.toLowerCase().includes(wanted))
}

function useSearchKey(field: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'search') || isTyping(event)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [field])
}

/** Esc leaves the chosen file on a narrow window, and then the screen. */
function useBackKey(route: StartRoute): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'close') || isTyping(event) || document.querySelector('dialog[open]') !== null) return
      navigate({ screen: 'runs', workspaceId: route.workspaceId, filter: 'all', search: '', runId: null })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [route.workspaceId])
}
