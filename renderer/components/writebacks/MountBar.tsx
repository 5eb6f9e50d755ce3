import { useState } from 'react'
import type { Mount } from '../../../shared/writebacks'
import { toHash } from '../../state/route'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { mountName, mountTroubles } from '../../texts/mountWords'
import { ago, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import styles from './MountBar.module.css'

/** So many mounts stand side by side; more are behind one button. */
const mostShown = 6

/** How each mount is: the troubled ones first; one of them opens to all that is known of it. */
export function MountBar({
  mounts,
  workspaceId,
}: {
  readonly mounts: readonly Mount[]
  readonly workspaceId: string | null
}) {
  const nowMs = useNow()
  const [openDir, setOpen] = useState<string | null>(null)
  const [all, setAll] = useState(false)
  const known = mounts.map((mount) => ({ mount, troubles: mountTroubles(mount, nowMs) }))
  const ordered = [...known].sort((one, other) => Number(other.troubles.length > 0) - Number(one.troubles.length > 0))
  const shown = all ? ordered : ordered.slice(0, mostShown)
  const open = mounts.find(({ localDir }) => localDir === openDir)
  if (mounts.length === 0) return null
  return (
    <section className={styles.mounts} aria-label={writebacksTexts.mounts}>
      <div className={styles.bar}>
        {shown.map(({ mount, troubles }) => {
          const [worst] = troubles
          return (
            <button
              key={mount.localDir}
              type="button"
              className={styles.mount}
              aria-expanded={openDir === mount.localDir}
              title={mount.localDir}
              onClick={() => setOpen(openDir === mount.localDir ? null : mount.localDir)}
            >
              <strong>{mountName(mount)}</strong>
              <span className={styles[worst?.tone ?? 'completed']}>
                {worst ? `${worst.tone === 'cancelled' ? '○' : '✕'} ${worst.short}` : writebacksTexts.daemonAlive}
              </span>
              {troubles.length > 1 && <span className={controls.secondary}>+{troubles.length - 1}</span>}
            </button>
          )
        })}
        {ordered.length > mostShown && (
          <button type="button" className={controls.plain} onClick={() => setAll(!all)}>
            {all
              ? writebacksTexts.showFewer
              : writebacksTexts.and(counted(ordered.length - mostShown, writebacksTexts.moreMount))}
          </button>
        )}
      </div>
      {open && <MountFacts mount={open} nowMs={nowMs} workspaceId={workspaceId} />}
    </section>
  )
}

function MountFacts({
  mount,
  nowMs,
  workspaceId,
}: {
  readonly mount: Mount
  readonly nowMs: number
  readonly workspaceId: string | null
}) {
  const { daemon, credentials } = mount
  return (
    <section className={styles.facts} aria-label={writebacksTexts.mountMountName(mountName(mount))}>
      <ul className={styles.advice}>
        {mountTroubles(mount, nowMs).map(({ short, advice, tone }) => (
          <li key={short}>
            <strong className={styles[tone]}>{short}</strong> {advice}
          </li>
        ))}
      </ul>
      <dl className={styles.list}>
        <dt>{writebacksTexts.folder}</dt>
        <dd className="mono">{mount.localDir}</dd>
        <dt>{writebacksTexts.remoteRoot}</dt>
        <dd className="mono">
          {mount.remoteRoot}
          {mount.relayWorkspaceId && writebacksTexts.of(mount.relayWorkspaceId)}
        </dd>
        <dt>{writebacksTexts.daemon}</dt>
        <dd>
          {daemon.alive ? writebacksTexts.aliveProcess(daemon.pid ?? '') : writebacksTexts.notRunning}
          {mount.status && writebacksTexts.reports(mount.status)}
        </dd>
        <dt>{writebacksTexts.lastSync}</dt>
        <dd title={fullTime(mount.lastSyncAt)}>{ago(mount.lastSyncAt, nowMs)}</dd>
        <dt>{writebacksTexts.credentials}</dt>
        <dd>
          {credentials.present
            ? writebacksTexts.forScopes(
                credentials.kind ?? '',
                credentials.server ?? writebacksTexts.anUnnamedServer,
                expiry(mount, nowMs),
                credentials.scopes.join(', ') || writebacksTexts.notTold,
              )
            : writebacksTexts.noneFound}
        </dd>
        <dt>{writebacksTexts.registry}</dt>
        <dd>
          {mount.registered
            ? writebacksTexts.registeredAs(mount.name ?? mount.workspaceId)
            : writebacksTexts.notRegisteredFoundByItsFolder}
        </dd>
        {mount.problems.length > 0 && (
          <>
            <dt>{writebacksTexts.problems}</dt>
            <dd>
              <a href={toHash({ screen: 'problems', workspaceId })}>
                {counted(mount.problems.length, writebacksTexts.problem)}
              </a>
              : {mount.problems[0]?.message}
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function expiry({ credentials: { expiresAt, expired } }: Mount, nowMs: number): string {
  if (expiresAt === null) return writebacksTexts.noExpiryTold
  if (expired) return `expired ${ago(expiresAt, nowMs)}`
  return writebacksTexts.validUntil(new Date(expiresAt).toLocaleString('en-GB'))
}
