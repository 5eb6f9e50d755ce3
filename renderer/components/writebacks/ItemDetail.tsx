import { useState } from 'react'
import type { WritebackDetail, WritebackItem } from '../../../shared/writebacks'
import { copyText } from '../../state/copyText'
import type { DeskActs } from '../../state/useDeskActs'
import { onlyOne } from '../../state/useDeskActs'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { writebackWords } from '../../texts/words'
import { ActButton } from '../ActButton'
import { CopyLink } from '../CopyLink'
import { EmptyMessage, LoadFailure, LoadingRows } from '../ListStates'
import { StatusMark } from '../StatusMark'
import { Tabs } from '../Tabs'
import { AttemptTable } from './AttemptTable'
import { CommandLines } from './CommandLines'
import { FileVersions } from './FileVersions'
import styles from './ItemDetail.module.css'
import { ItemFailure } from './ItemFailure'
import { RawRecords } from './RawRecords'

const tabs = ['What failed', 'Contents', 'Attempts', 'Records', 'Command line'] as const
type DetailTab = (typeof tabs)[number]

/** Everything about one writeback, and what can be done with it. */
export function ItemDetail({
  itemKey,
  item,
  acts,
  onClose,
}: {
  readonly itemKey: string
  /** As the list has it; undefined while the list does not hold it. */
  readonly item: WritebackItem | undefined
  readonly acts: DeskActs
  /** Goes back to the list, on a narrow window. */
  readonly onClose: () => void
}) {
  const [tab, setTab] = useState<DetailTab>('What failed')
  const { value, failure, refresh } = useMirror(
    `writeback ${itemKey}`,
    (client) => client.request('writebacks:get', { key: itemKey }),
    ['writebacks:changed', 'operations:changed'],
  )
  const shown = item ?? value?.item
  if (failure?.code === 'not_found') {
    return (
      <EmptyMessage title={writebackTexts.thisWritebackIsNoLonger}>
        <p>{writebackTexts.itWasDeliveredOrPut}</p>
        <button type="button" className={controls.button} onClick={onClose}>
          {writebackTexts.backToTheList}
        </button>
      </EmptyMessage>
    )
  }
  if (failure && !value) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!shown) return <LoadingRows />
  return (
    <section className={styles.pane} aria-label={writebackTexts.writeback}>
      <Head item={shown} acts={acts} onClose={onClose} />
      <Tabs
        label={writebackTexts.viewsOfTheWriteback}
        tabs={tabs.map((name) => ({ name, ...noteOf(name, value) }))}
        chosen={tab}
        onChoose={setTab}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className={styles.body} tabIndex={0} aria-label={tab}>
          {tab === 'What failed' && <ItemFailure item={shown} detail={value} />}
          {tab === 'Contents' && <FileVersions key={shown.version} item={shown} detail={value} acts={acts} />}
          {tab === 'Attempts' && <AttemptTable attempts={value?.attempts ?? null} />}
          {tab === 'Records' && <RawRecords detail={value} />}
          {tab === 'Command line' && <CommandLines commands={value?.commands ?? []} />}
        </section>
      </Tabs>
    </section>
  )
}

function noteOf(name: DetailTab, value: WritebackDetail | null): { readonly note?: string } {
  if (value === null) return {}
  if (name === 'Attempts') return { note: String(value.attempts.length) }
  if (name === 'Records') return { note: String(value.records.length + value.outbox.length) }
  return {}
}

function Head({
  item,
  acts,
  onClose,
}: {
  readonly item: WritebackItem
  readonly acts: DeskActs
  readonly onClose: () => void
}) {
  const name = item.path ?? item.records[0]?.file ?? writebackTexts.aRecordWithoutAPath
  const noPath = item.path === null ? writebackTexts.itsRecordNamesNoPath : null
  return (
    <div className={styles.head}>
      <button type="button" className={`${controls.button} ${styles.back}`} onClick={onClose}>
        {writebackTexts.backToTheList}
      </button>
      <StatusMark status={writebackWords[item.state]} />
      <button
        type="button"
        className={`mono ${styles.copy}`}
        title={writebackTexts.copyThePath}
        onClick={() => copyText(name, writebackTexts.thePath)}
      >
        {name}
      </button>
      <CopyLink
        route={{ screen: 'writebacks', workspaceId: item.workspaceId, openId: item.key }}
        what={writebackTexts.theWriteback}
      />
      <span className={styles.acts}>
        {item.state === 'conflict' || item.conflictCopies.length > 0 ? (
          <ActButton primary keyId="edit" refusal={noPath} onAct={() => acts.ask({ kind: 'choose', item })}>
            {writebackTexts.chooseAVersion}
          </ActButton>
        ) : (
          <ActButton keyId="edit" refusal={noPath} onAct={() => acts.ask({ kind: 'edit', item })}>
            {writebackTexts.editAndRetryDots}
          </ActButton>
        )}
        <ActButton
          refusal={item.retry.kind === 'refused' ? item.retry.reason : null}
          onAct={() => acts.retry(onlyOne(item))}
        >
          {writebackTexts.retry}
        </ActButton>
      </span>
    </div>
  )
}
