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
import { startTexts } from '../texts/en/start'
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
    <section className={styles.screen} aria-label={startTexts.startAWorkflow}>
      <div className={controls.bar}>
        <h1>{startTexts.startAWorkflow}</h1>
        {usable.length > 1 && workspace && (
          <label>
            {startTexts.in}{' '}
            <select
              aria-label={startTexts.workspace}
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
        <EmptyMessage title={startTexts.thereIsNoFolder}>
          <p>{startTexts.addAFolderFirst}</p>
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
      <EmptyMessage title={startTexts.holdsNoWorkflowFiles(workspace.name)}>
        <p>
          {startTexts.rundeskLooksFor} <code>*.yaml</code> {startTexts.filesThatHoldWorkflows} <code>workflows/</code>{' '}
          {startTexts.andIn} <code>.relay/workflows/</code>.
        </p>
        <p className="mono">{workspace.path}</p>
        <button type="button" className={controls.button} onClick={() => void refresh()}>
          {startTexts.lookAgain}
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
      name={startTexts.workflowFilesWithin}
      initial={34}
      narrow={chosen === null ? 'both' : 'bottom'}
      beside
      top={
        <section className={styles.files} aria-label={startTexts.workflowFiles}>
          <div className={controls.bar}>
            <input
              ref={field}
              type="search"
              className={controls.field}
              aria-label={startTexts.searchWorkflowFiles}
              placeholder={startTexts.searchFiles(shownKeyOf('search'))}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <span className={controls.secondary}>
              {files.length === value.files.length
                ? `${files.length}${value.cut ? startTexts.andMore : ''}`
                : startTexts.of(files.length, value.files.length)}
            </span>
          </div>
          {files.length === 0 ? (
            <EmptyMessage title={startTexts.noFileHasThisName}>
              <button type="button" className={controls.button} onClick={() => setSearch('')}>
                {startTexts.clearSearch}
              </button>
            </EmptyMessage>
          ) : (
            <WorkflowFiles files={files} chosen={chosen} onChoose={choose} />
          )}
        </section>
      }
      bottom={
        chosen === null ? (
          <EmptyMessage title={startTexts.chooseAWorkflowFile}>
            <p>{startTexts.whatIsShownFirst}</p>
          </EmptyMessage>
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
