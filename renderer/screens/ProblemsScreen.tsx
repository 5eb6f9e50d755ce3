import type { Problem } from '../../shared/runs'
import { ActButton } from '../components/ActButton'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { counted, sentenceCase } from '../texts/words'

/** Everything unreadable, damaged, contradictory or unsaved. */
export function ProblemsScreen({ workspaceId }: { readonly workspaceId: string | null }) {
  const { value, failure, refresh } = useMirror(
    `problems ${workspaceId}`,
    (client) => client.request('problems:query', { workspaceId, offset: 0, limit: 500 }),
    ['workspaces:changed'],
  )
  const client = useClient()
  const repair = ({ workspaceId: id, code, path }: Problem): void => {
    if (!id) return
    client.request('problems:repair', { workspaceId: id, code, path }).then(
      () => {
        showToast({ tone: 'done', text: windowTexts.repaired(path), action: null })
        void refresh()
      },
      (error: Error) => showToast({ tone: 'refused', text: error.message, action: null }),
    )
  }
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  return (
    <section aria-label={windowTexts.problemsWord} style={{ minHeight: 0, overflow: 'auto' }}>
      <div className={controls.bar}>
        <h1>{windowTexts.problemsWord}</h1>
        {value.total > 0 && <span className={controls.secondary}>{counted(value.total, windowTexts.problem)}</span>}
      </div>
      {value.total === 0 && (
        <EmptyMessage title={windowTexts.noProblems}>
          <p>{windowTexts.everyFileCouldBeRead}</p>
        </EmptyMessage>
      )}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {value.problems.map((problem) => (
          <li
            key={`${problem.code} ${problem.path} ${problem.line}`}
            style={{ padding: '8px 12px', borderBottom: '1px solid var(--line)' }}
          >
            <strong>{sentenceCase(problem.code)}</strong>{' '}
            <span className="mono" style={{ overflowWrap: 'anywhere' }}>
              {problem.path}
              {problem.line !== null && `:${problem.line}`}
            </span>
            <div style={{ overflowWrap: 'anywhere' }}>{problem.message}</div>
            {problem.repair !== undefined && problem.workspaceId && (
              <ActButton refusal={null} onAct={() => repair(problem)}>
                {problem.repair}
              </ActButton>
            )}
          </li>
        ))}
      </ul>
      {value.total > value.problems.length && (
        <p className={controls.message}>{windowTexts.andMore(value.total - value.problems.length)}</p>
      )}
    </section>
  )
}
