import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { useDemoCommand } from '../state/appInfo'
import { useClient } from '../state/client'
import { navigate } from '../state/route'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { demoTexts } from '../texts/en/demo'
import { ago } from '../texts/times'
import { DemoFaults } from './DemoFaults'

const starts = [
  ['succeeds', demoTexts.startARunThatSucceeds],
  ['fails', demoTexts.startARunThatFails],
  ['long', demoTexts.startALongRun],
] as const

/** The demo's own controls: faults of the practice server, runs to start, what the mount asked. */
export function DemoScreen() {
  const client = useClient()
  const demoCommand = useDemoCommand()
  const nowMs = useNow()
  const { value, failure, refresh } = useMirror('demo', (asking) => asking.request('demo:get', {}), ['demo:changed'])
  const refused = (error: Error): void => showToast({ tone: 'refused', text: error.message, action: null })
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  const { demo } = value
  if (!demo) {
    return (
      <EmptyMessage title={demoTexts.noDemoIsRunning}>
        <p>
          {demoTexts.startOneWith} <code>{demoCommand}</code>
        </p>
      </EmptyMessage>
    )
  }
  return (
    <section aria-label={demoTexts.demoControls} style={{ minHeight: 0, overflow: 'auto' }}>
      <div className={controls.bar}>
        <h1>{demoTexts.demoControls}</h1>
        <span className={controls.secondary}>
          {demoTexts.practiceServer} <span className="mono">{demo.serverUrl}</span>
          {demoTexts.practiceMountInProcess(demo.daemon.pid ?? '')}
        </span>
      </div>
      <div style={{ display: 'grid', gap: 16, padding: 12, maxWidth: 880 }}>
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {starts.map(([kind, label]) => (
            <button
              key={kind}
              type="button"
              className={controls.button}
              onClick={() =>
                client.request('demo:startRun', { kind }).then(
                  ({ run }) =>
                    navigate({
                      screen: 'runs',
                      workspaceId: run.workspaceId,
                      filter: 'all',
                      search: '',
                      runId: run.id,
                    }),
                  refused,
                )
              }
            >
              {label}
            </button>
          ))}
        </div>
        <DemoFaults
          faults={demo.faults}
          onSet={(fault) => void client.request('demo:setFault', fault).then(() => void refresh(), refused)}
        />
        <div>
          <h2>{demoTexts.lastRequestsOfTheMount}</h2>
          <table className="mono">
            <tbody>
              {demo.requests.slice(0, 20).map((request) => (
                <tr key={`${request.at} ${request.method} ${request.path}`}>
                  <td style={{ paddingRight: 16 }}>{ago(request.at, nowMs)}</td>
                  <td style={{ paddingRight: 16 }}>{request.method}</td>
                  <td style={{ paddingRight: 16 }}>{request.status ?? demoTexts.none}</td>
                  <td style={{ overflowWrap: 'anywhere' }}>{request.path.replace(/^\/v1\/workspaces\/[^/]+/, '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  )
}
