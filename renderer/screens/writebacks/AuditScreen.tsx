import type { Output } from '../../../shared/contract'
import type { AuditEntry } from '../../../shared/operations'
import { EmptyMessage } from '../../components/ListStates'
import { StatusMark } from '../../components/StatusMark'
import { AuditFilters } from '../../components/writebacks/AuditFilters'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { PagedRows } from '../../components/writebacks/PagedRows'
import { auditFilterOf } from '../../state/auditFilter'
import { useClient } from '../../state/client'
import type { DeskRoute } from '../../state/deskRoute'
import { toHash } from '../../state/route'
import { saveFile } from '../../state/saveFile'
import { refuse } from '../../state/toasts'
import { useNow } from '../../state/useNow'
import { usePagedWindow } from '../../state/usePagedWindow'
import controls from '../../styles/controls.module.css'
import { deskHistoryTexts } from '../../texts/en/deskHistory'
import { actWords, outcomeMarks } from '../../texts/operationWords'
import { ago, fullTime } from '../../texts/times'
import styles from './AuditScreen.module.css'
import screen from './ItemsScreen.module.css'
import { useSearchKey } from './useSearchKey'

/** Who did what to which writeback, when, why, and what came of it. */
export function AuditScreen({ route }: { readonly route: DeskRoute }) {
  const client = useClient()
  const filter = auditFilterOf(route)
  const nowMs = useNow()
  useSearchKey()
  const list = usePagedWindow({
    key: JSON.stringify(filter),
    ask: (asking, part) => asking.request('audit:query', { ...filter, ...part }),
    rowsOf: (page: Output<'audit:query'>) => page.entries,
    listen: (asking, onChange) => asking.on('operations:changed', onChange),
    keepsPlace: false,
  })
  const save = (format: 'csv' | 'json'): void => {
    client.request('audit:export', { ...filter, format }).then(saveFile, refuse)
  }
  return (
    <section className={screen.screen} aria-label={deskHistoryTexts.audit}>
      <DeskBar route={route}>
        <span className={controls.spread} />
        {(['csv', 'json'] as const).map((format) => (
          <button key={format} type="button" className={controls.button} onClick={() => save(format)}>
            {deskHistoryTexts.export(format.toUpperCase())}
          </button>
        ))}
      </DeskBar>
      <AuditFilters
        route={route}
        total={list.page?.total ?? null}
        noun={[deskHistoryTexts.entry, deskHistoryTexts.entries]}
        withOutcome
      />
      <PagedRows
        label={deskHistoryTexts.allEntries}
        list={list}
        empty={
          <EmptyMessage title={route.ask ? deskHistoryTexts.noEntryFits : deskHistoryTexts.nothingWasDoneYet}>
            <p>{deskHistoryTexts.everyActOnAWriteback}</p>
          </EmptyMessage>
        }
        draw={(entry) => <EntryRow entry={entry} route={route} nowMs={nowMs} />}
      />
    </section>
  )
}

function EntryRow({
  entry,
  route,
  nowMs,
}: {
  readonly entry: AuditEntry
  readonly route: DeskRoute
  readonly nowMs: number
}) {
  const { at, by, act, reason, path, outcome, detail, operationId } = entry
  return (
    <div className={styles.row}>
      <span className={controls.secondary} title={fullTime(at)}>
        {ago(at, nowMs)}
      </span>
      <span className={controls.ellipsis} title={by}>
        {by}
      </span>
      <a
        href={toHash({ screen: 'writebacks', workspaceId: route.workspaceId, view: 'operations', openId: operationId })}
        className={styles.act}
      >
        {actWords[act]}
      </a>
      <span className={`mono ${controls.ellipsis}`} title={path ?? ''}>
        {path ?? deskHistoryTexts.aRecordWithoutAPath}
      </span>
      <StatusMark status={outcomeMarks[outcome ?? 'none']} />
      <span className={`${controls.secondary} ${controls.ellipsis}`} title={`${reason ?? ''}\n${detail}`}>
        {reason ? `“${reason}” ` : ''}
        {detail}
      </span>
    </div>
  )
}
