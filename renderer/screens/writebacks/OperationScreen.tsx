import { useEffect, useState } from 'react'
import type { Client } from '../../../shared/client'
import {
  type ItemOutcome,
  itemOutcomes,
  type Operation,
  type OperationItem,
  type OperationPage,
} from '../../../shared/operations'
import { isKey } from '../../../shared/rules/pressedKeys'
import { EmptyMessage } from '../../components/ListStates'
import { StatusMark } from '../../components/StatusMark'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { OperationFacts } from '../../components/writebacks/OperationFacts'
import { PagedRows } from '../../components/writebacks/PagedRows'
import type { DeskRoute } from '../../state/deskRoute'
import { isTyping } from '../../state/keys'
import { navigate, toHash } from '../../state/route'
import { usePagedWindow } from '../../state/usePagedWindow'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { outcomeMarks, wayWords } from '../../texts/operationWords'
import { clock, fullTime } from '../../texts/times'
import screen from './ItemsScreen.module.css'
import styles from './OperationScreen.module.css'

type Shown = ItemOutcome | 'none' | null
type ItemsPage = OperationPage & { readonly total: number }

/** What is not ended is looked at this often, in ms: remaining time and confirmations move without an event. */
const followMs = 1_000

const ask = async (
  client: Client,
  { operationId, shown, offset, limit }: { operationId: string; shown: Shown; offset: number; limit: number },
): Promise<ItemsPage> => {
  const page = await client.request('operations:get', {
    operationId,
    offset,
    limit,
    ...(shown === null ? {} : { outcome: shown }),
  })
  return { ...page, total: page.itemsTotal }
}

/** One operation: how far it is, what became of each item, and what a person can do about it. */
export function OperationScreen({ route, operationId }: { readonly route: DeskRoute; readonly operationId: string }) {
  const [shown, setShown] = useState<Shown>(null)
  const list = usePagedWindow({
    key: JSON.stringify([operationId, shown]),
    ask: (client, part) => ask(client, { operationId, shown, ...part }),
    rowsOf: (page: ItemsPage) => page.items,
    listen: (client, onChange) => client.on('operations:changed', onChange),
    keepsPlace: false,
  })
  const [operation, setOperation] = useState<Operation | null>(null)
  useEffect(() => {
    if (list.page) setOperation(list.page.operation)
  }, [list.page])
  const { retry } = list
  const ended = operation?.state === 'ended'
  useEffect(() => {
    if (ended) return
    const timer = setInterval(retry, followMs)
    return () => clearInterval(timer)
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'close') || isTyping(event)) return
      navigate({ screen: 'writebacks', workspaceId: route.workspaceId, view: 'operations' })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [route.workspaceId])
  return (
    <section className={screen.screen} aria-label={operationsTexts.operation}>
      <DeskBar route={route} />
      <div className={styles.back}>
        <a href={toHash({ screen: 'writebacks', workspaceId: route.workspaceId, view: 'operations' })}>
          {operationsTexts.allOperations}
        </a>
      </div>
      {operation && <OperationFacts operation={operation} onActed={retry} />}
      {operation && <OutcomeChips operation={operation} shown={shown} onShow={setShown} />}
      <PagedRows
        label={operationsTexts.whatBecameOfEach}
        list={list}
        empty={<EmptyMessage title={operationsTexts.noItemHasThisOutcome} />}
        draw={(item) => <ItemRow item={item} route={route} />}
      />
    </section>
  )
}

function OutcomeChips({
  operation: { counts, total, done },
  shown,
  onShow,
}: {
  readonly operation: Operation
  readonly shown: Shown
  readonly onShow: (shown: Shown) => void
}) {
  const chips: readonly (readonly [Shown, string, number])[] = [
    [null, 'All', total],
    ...itemOutcomes
      .filter((outcome) => counts[outcome] > 0 || shown === outcome)
      .map((outcome) => [outcome, outcomeMarks[outcome].word, counts[outcome]] as const),
    ...(total > done || shown === 'none' ? [['none', outcomeMarks.none.word, total - done] as const] : []),
  ]
  return (
    <fieldset className={styles.chips} aria-label={operationsTexts.outcome}>
      {chips.map(([outcome, word, count]) => (
        <button
          key={word}
          type="button"
          className={controls.chip}
          aria-pressed={shown === outcome}
          onClick={() => onShow(outcome)}
        >
          {word} <span className={styles.count}>{count.toLocaleString('en')}</span>
        </button>
      ))}
    </fieldset>
  )
}

function ItemRow({ item, route }: { readonly item: OperationItem; readonly route: DeskRoute }) {
  const { key, path, way, outcome, detail, at } = item
  return (
    <div className={styles.row}>
      <StatusMark status={outcomeMarks[outcome ?? 'none']} />
      <a
        className={`mono ${controls.ellipsis} ${styles.path}`}
        title={path ?? ''}
        href={toHash({ screen: 'writebacks', workspaceId: route.workspaceId, openId: key })}
      >
        {path ?? operationsTexts.aRecordWithoutAPath}
      </a>
      <span className={controls.secondary}>{way && wayWords[way]}</span>
      <span className={`${controls.secondary} ${controls.ellipsis}`} title={detail}>
        {detail}
      </span>
      <span className={controls.secondary} title={fullTime(at)}>
        {clock(at)}
      </span>
    </div>
  )
}
