import { ChoiceSetting } from '../../components/SettingControls'
import type { SettingsDesk } from '../../state/useSettings'
import { type UpdateDesk, useUpdates } from '../../state/useUpdates'
import controls from '../../styles/controls.module.css'
import { updatesTexts } from '../../texts/en/updates'
import { ago, fullTime } from '../../texts/times'
import { phaseWords } from '../../texts/updateWords'
import styles from './SettingsScreen.module.css'

/** What becomes of newer versions, and where it stands with them. */
export function UpdateSettings({ desk }: { readonly desk: SettingsDesk }) {
  const updates = useUpdates()
  return (
    <>
      <ChoiceSetting
        name="updates"
        desk={desk}
        choices={[
          ['off', updatesTexts.off],
          ['notify', updatesTexts.notify],
          ['automatic', updatesTexts.automatic],
        ]}
      />
      <Standing updates={updates} isOff={desk.settings?.updates === 'off'} />
    </>
  )
}

function Standing({ updates, isOff }: { readonly updates: UpdateDesk; readonly isOff: boolean }) {
  const { state, busy, act } = updates
  if (!state) return null
  const { version, unavailable, phase, newVersion, checkedAt, trouble, byHand, waitsFor } = state
  return (
    <section className={styles.item} aria-label={updatesTexts.thisVersion}>
      <div>
        <strong>
          {updatesTexts.thisVersion} <span className="mono">{version}</span>
        </strong>
        <div className={controls.secondary} role="status">
          {unavailable ?? phaseWords(state)}{' '}
          {checkedAt !== null && (
            <span title={fullTime(checkedAt)}>{updatesTexts.looked(ago(checkedAt, Date.now()))}</span>
          )}
          {newVersion !== null && byHand !== null && <div>{byHand}</div>}
          {waitsFor !== null && <div>{waitsFor}</div>}
        </div>
        {trouble !== null && (
          <p className={controls.refusal} role="alert">
            {trouble}
          </p>
        )}
      </div>
      {phase === 'available' && byHand === null && newVersion !== null && (
        <button type="button" className={controls.button} disabled={busy || isOff} onClick={() => act('download')}>
          {updatesTexts.download(newVersion)}
        </button>
      )}
      {phase === 'ready' && newVersion !== null && (
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={busy || isOff || waitsFor !== null}
          onClick={() => act('install')}
        >
          {updatesTexts.restart(newVersion)}
        </button>
      )}
      {unavailable === null && phase !== 'ready' && (
        <button type="button" className={controls.button} disabled={busy || isOff} onClick={() => act('check')}>
          {updatesTexts.checkForUpdates}
        </button>
      )}
    </section>
  )
}
