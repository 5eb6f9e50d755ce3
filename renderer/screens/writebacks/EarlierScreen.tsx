import { useState } from 'react'
import type { Output } from '../../../shared/contract'
import type { EvidenceKind, HistoryRow } from '../../../shared/writebacks'
import { EmptyMessage } from '../../components/ListStates'
import { SplitPane } from '../../components/SplitPane'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { PagedRows } from '../../components/writebacks/PagedRows'
import { copyText } from '../../state/copyText'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { navigate } from '../../state/route'
import { shownKeyOf } from '../../state/shortcutKeys'
import { useNow } from '../../state/useNow'
import { usePagedWindow } from '../../state/usePagedWindow'
import controls from '../../styles/controls.module.css'
import { deskHistoryTexts } from '../../texts/en/deskHistory'
import { ago, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import styles from './EarlierScreen.module.css'
import screen from './ItemsScreen.module.css'
import { useSearchKey } from './useSearchKey'

const kindWords: Readonly<Record<EvidenceKind, string>> = {
  'dead-letter': deskHistoryTexts.deadLetter,
  pending: deskHistoryTexts.outboxPending,
  failed: deskHistoryTexts.outboxFailed,
  acked: deskHistoryTexts.outboxConfirmed,
  attention: deskHistoryTexts.needsAttention,
  'conflict-copy': deskHistoryTexts.copyOfAConflict,
  'refused-delete': deskHistoryTexts.refusedDelete,
  denied: deskHistoryTexts.permissionLog,
}

/** Evidence that Rundesk saw and kept, and that is no longer on the disk. */
export function EarlierScreen({ route }: { readonly route: DeskRoute }) {
  const search = route.ask?.q ?? ''
  const [openId, setOpen] = useState<string | null>(null)
  useSearchKey()
  const asked = { workspaceId: route.workspaceId, ...(search === '' ? {} : { search }) }
  const list = usePagedWindow({
    key: JSON.stringify(asked),
    ask: (client, part) => client.request('writebacks:history', { ...asked, ...part }),
    rowsOf: (page: Output<'writebacks:history'>) => page.rows,
    listen: (client, onChange) => client.on('writebacks:changed', onChange),
    keepsPlace: false,
  })
  const open = list.held().find(({ id }) => id === openId)
  return (
    <section className={screen.screen} aria-label={deskHistoryTexts.earlierEvidence}>
      <DeskBar route={route} />
      <div className={controls.bar}>
        <span className={controls.secondary}>{deskHistoryTexts.whatOtherToolsRemoved}</span>
        <span className={controls.spread} />
        <input
          type="search"
          className={controls.field}
          aria-label={deskHistoryTexts.searchEarlierEvidence}
          placeholder={deskHistoryTexts.searchKey(shownKeyOf('search'))}
          value={search}
          onChange={(event) => navigate(narrowed(route, { q: event.target.value }), { replace: true })}
        />
        {list.page && (
          <span className={controls.secondary} role="status" aria-label={deskHistoryTexts.found}>
            {counted(list.page.total, deskHistoryTexts.record)}
          </span>
        )}
      </div>
      <SplitPane
        name={deskHistoryTexts.earlierEvidenceWithin}
        initial={60}
        narrow="both"
        top={
          <PagedRows
            label={deskHistoryTexts.allRecords}
            list={list}
            empty={
              <EmptyMessage
                title={search === '' ? deskHistoryTexts.everythingIsStillOnTheDisk : deskHistoryTexts.nothingMatches}
              >
                <p>{deskHistoryTexts.whenAnotherToolPrunes}</p>
              </EmptyMessage>
            }
            draw={(row) => <EvidenceRow row={row} open={row.id === openId} onOpen={() => setOpen(row.id)} />}
          />
        }
        bottom={open ? <Evidence row={open} onClose={() => setOpen(null)} /> : null}
      />
    </section>
  )
}

function EvidenceRow({
  row,
  open,
  onOpen,
}: {
  readonly row: HistoryRow
  readonly open: boolean
  readonly onOpen: () => void
}) {
  const nowMs = useNow()
  return (
    <button type="button" className={`${styles.row} ${open ? styles.open : ''}`} aria-expanded={open} onClick={onOpen}>
      <span className={controls.secondary} title={fullTime(row.at ?? row.seenAt)}>
        {ago(row.at ?? row.seenAt, nowMs)}
      </span>
      <span>{kindWords[row.kind]}</span>
      <span className={`mono ${controls.ellipsis}`} title={row.path ?? row.file}>
        {row.path ?? row.file}
      </span>
      <span className={`${controls.secondary} ${controls.ellipsis}`} title={row.message ?? ''}>
        {row.status !== null && deskHistoryTexts.http(row.status)}
        {row.message}
      </span>
    </button>
  )
}

function Evidence({ row, onClose }: { readonly row: HistoryRow; readonly onClose: () => void }) {
  return (
    <section className={styles.evidence} aria-label={deskHistoryTexts.recordWord}>
      <div className={styles.head}>
        <strong className="mono">{row.file}</strong>
        <span className={controls.secondary}>
          {deskHistoryTexts.seenIn(fullTime(row.seenAt))} <span className="mono">{row.mount}</span>
        </span>
        <span className={controls.spread} />
        <button type="button" className={controls.button} onClick={() => copyText(row.raw, deskHistoryTexts.theRecord)}>
          {deskHistoryTexts.copy}
        </button>
        <button type="button" className={controls.button} onClick={onClose}>
          {deskHistoryTexts.close}
        </button>
      </div>
      <pre className={controls.code}>{row.raw}</pre>
    </section>
  )
}
