import type { Output } from '../../../shared/contract'
import type { AuditEntry } from '../../../shared/operations'
import { ActButton } from '../../components/ActButton'
import { EmptyMessage } from '../../components/ListStates'
import { AuditFilters } from '../../components/writebacks/AuditFilters'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { PagedRows } from '../../components/writebacks/PagedRows'
import { auditFilterOf } from '../../state/auditFilter'
import { useClient } from '../../state/client'
import type { DeskRoute } from '../../state/deskRoute'
import { refuse, showToast } from '../../state/toasts'
import { useMirror } from '../../state/useMirror'
import { useNow } from '../../state/useNow'
import { usePagedWindow } from '../../state/usePagedWindow'
import controls from '../../styles/controls.module.css'
import { deskHistoryTexts } from '../../texts/en/deskHistory'
import { ago, fullTime } from '../../texts/times'
import screen from './ItemsScreen.module.css'
import styles from './TrashScreen.module.css'
import { useSearchKey } from './useSearchKey'

/** What was dismissed: each can be brought back to where it was. */
export function TrashScreen({ route }: { readonly route: DeskRoute }) {
  const client = useClient()
  const nowMs = useNow()
  useSearchKey()
  const filter = { ...auditFilterOf(route), act: 'dismiss', outcome: 'dismissed' } as const
  const list = usePagedWindow({
    key: JSON.stringify(filter),
    ask: (asking, part) => asking.request('audit:query', { ...filter, ...part }),
    rowsOf: (page: Output<'audit:query'>) => page.entries,
    listen: (asking, onChange) => asking.on('operations:changed', onChange),
    keepsPlace: false,
  })
  const { value: settings } = useMirror('trash days', (asking) => asking.request('settings:get', {}), [])
  const restore = ({ key, path }: AuditEntry): void => {
    client.request('writebacks:restore', { keys: [key] }).then(({ items }) => {
      const [only] = items
      if (only?.outcome === 'restored')
        showToast({ tone: 'done', text: deskHistoryTexts.restored(path ?? deskHistoryTexts.theRecord), action: null })
      else refuse(new Error(only?.detail ?? deskHistoryTexts.nothingWasRestored))
    }, refuse)
  }
  return (
    <section className={screen.screen} aria-label={deskHistoryTexts.trash}>
      <DeskBar route={route} />
      <AuditFilters
        route={route}
        total={list.page?.total ?? null}
        noun={[deskHistoryTexts.dismissedWriteback, deskHistoryTexts.dismissedWritebacks]}
        withAct={false}
      />
      <PagedRows
        label={deskHistoryTexts.inTheTrash}
        list={list}
        empty={
          <EmptyMessage title={route.ask ? deskHistoryTexts.nothingHereFits : deskHistoryTexts.theTrashIsEmpty}>
            <p>{deskHistoryTexts.theRecordsOfDismissed}</p>
          </EmptyMessage>
        }
        draw={(entry) => (
          <div className={styles.row}>
            <span className={`mono ${controls.ellipsis}`} title={entry.path ?? ''}>
              {entry.path ?? deskHistoryTexts.aRecordWithoutAPath}
            </span>
            <span className={`${controls.secondary} ${controls.ellipsis}`} title={entry.reason ?? ''}>
              {deskHistoryTexts.byBy(entry.by)}
              {entry.reason && `: ${entry.reason}`}
            </span>
            <span className={controls.secondary} title={fullTime(entry.at)}>
              {ago(entry.at, nowMs)}
              {keptWords(entry.at, settings?.settings.trashDays ?? null, nowMs)}
            </span>
            <ActButton refusal={null} onAct={() => restore(entry)}>
              {deskHistoryTexts.restore}
            </ActButton>
          </div>
        )}
      />
    </section>
  )
}

const dayMs = 86_400_000

/** How long the records still lie in the trash. */
function keptWords(at: string, trashDays: number | null, nowMs: number): string {
  if (trashDays === null) return ''
  const leftDays = Math.ceil((Date.parse(at) + trashDays * dayMs - nowMs) / dayMs)
  return leftDays <= 0
    ? deskHistoryTexts.itsTimeIsOver
    : deskHistoryTexts.keptForMore(leftDays === 1 ? deskHistoryTexts.aDay : `${leftDays} days`)
}
