import type { Output } from '../../../shared/contract'
import type { Operation } from '../../../shared/operations'
import { EmptyMessage } from '../../components/ListStates'
import { StatusMark } from '../../components/StatusMark'
import { AuditFilters } from '../../components/writebacks/AuditFilters'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { OperationProgress } from '../../components/writebacks/OperationProgress'
import { OutcomeCounts } from '../../components/writebacks/OutcomeCounts'
import { PagedRows } from '../../components/writebacks/PagedRows'
import { auditFilterOf } from '../../state/auditFilter'
import type { DeskRoute } from '../../state/deskRoute'
import { toHash } from '../../state/route'
import { useNow } from '../../state/useNow'
import { usePagedWindow } from '../../state/usePagedWindow'
import controls from '../../styles/controls.module.css'
import { deskHistoryTexts } from '../../texts/en/deskHistory'
import { operationsTexts } from '../../texts/en/operations'
import { actWords, operationWord } from '../../texts/operationWords'
import { ago, fullTime } from '../../texts/times'
import screen from './ItemsScreen.module.css'
import styles from './OperationsScreen.module.css'
import { useSearchKey } from './useSearchKey'

/** Every operation that the ledgers know, newest first. */
export function OperationsScreen({ route }: { readonly route: DeskRoute }) {
  const { outcome: _, ...filter } = auditFilterOf(route)
  const nowMs = useNow()
  useSearchKey()
  const list = usePagedWindow({
    key: JSON.stringify(filter),
    ask: (client, part) => client.request('operations:list', { ...filter, ...part }),
    rowsOf: (page: Output<'operations:list'>) => page.operations,
    listen: (client, onChange) => client.on('operations:changed', onChange),
    keepsPlace: false,
  })
  return (
    <section className={screen.screen} aria-label={operationsTexts.operations}>
      <DeskBar route={route} />
      <AuditFilters
        route={route}
        total={list.page?.total ?? null}
        noun={[deskHistoryTexts.operation, deskHistoryTexts.operations]}
      />
      <PagedRows
        label={operationsTexts.allOperations}
        list={list}
        rowHeight={44}
        empty={
          <EmptyMessage title={route.ask ? operationsTexts.noOperationFits : operationsTexts.nothingWasDoneYet}>
            <p>{operationsTexts.everyRetryDismissalRestoration}</p>
          </EmptyMessage>
        }
        draw={(operation) => <OperationRow route={route} operation={operation} nowMs={nowMs} />}
      />
    </section>
  )
}

function OperationRow({
  route,
  operation,
  nowMs,
}: {
  readonly route: DeskRoute
  readonly operation: Operation
  readonly nowMs: number
}) {
  const { id, act, state, total, by, reason, startedAt, counts } = operation
  return (
    <a
      className={styles.row}
      href={toHash({ screen: 'writebacks', workspaceId: route.workspaceId, view: 'operations', openId: id })}
    >
      <StatusMark status={operationWord(operation)} />
      <span className={styles.what}>
        <strong>{operationsTexts.of(actWords[act], total.toLocaleString('en'))}</strong>
        <span className={`${controls.secondary} ${controls.ellipsis}`} title={reason ?? ''}>
          {reason ?? operationsTexts.noReasonGiven}
        </span>
      </span>
      <span className={styles.outcome}>
        {state === 'running' || state === 'paused' || state === 'interrupted' ? (
          <OperationProgress operation={operation} />
        ) : (
          <OutcomeCounts counts={counts} />
        )}
      </span>
      <span className={`${controls.secondary} ${controls.ellipsis} ${styles.by}`}>{by}</span>
      <span className={`${controls.secondary} ${styles.time}`} title={fullTime(startedAt)}>
        {ago(startedAt, nowMs)}
      </span>
    </a>
  )
}
