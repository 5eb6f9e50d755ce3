import type { Operation } from '../../../shared/operations'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { folderName } from '../../texts/mountWords'
import { actWords, operationWord } from '../../texts/operationWords'
import { ago, duration, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import { CopyLink } from '../CopyLink'
import { StatusMark } from '../StatusMark'
import { OperationActs } from './OperationActs'
import styles from './OperationFacts.module.css'
import { OperationProgress } from './OperationProgress'

/** Who did what when and why, how far it is, and what can be done about it. */
export function OperationFacts({
  operation,
  onActed,
}: {
  readonly operation: Operation
  readonly onActed: () => void
}) {
  const nowMs = useNow()
  const { id, act, state, total, by, reason, startedAt, endedAt, plan, mounts, stopped } = operation
  return (
    <div className={styles.facts}>
      <div className={styles.head}>
        <StatusMark status={operationWord(operation)} />
        <h2>{operationsTexts.of(actWords[act], counted(total, operationsTexts.writeback))}</h2>
        <span className={`mono ${controls.secondary}`}>{id}</span>
        <CopyLink
          route={{ screen: 'writebacks', workspaceId: null, view: 'operations', openId: id }}
          what={operationsTexts.theOperation}
        />
        <span className={controls.spread} />
        <OperationActs operation={operation} onActed={onActed} />
      </div>
      <p className={controls.secondary}>
        {operationsTexts.by(by)} <span title={fullTime(startedAt)}>{ago(startedAt, nowMs)}</span>
        {endedAt && operationsTexts.took(duration(Date.parse(endedAt) - Date.parse(startedAt)))}
        {operationsTexts.reason} {reason ?? operationsTexts.noneGiven}
        {mounts.length > 0 && (
          <>
            {operationsTexts.in}{' '}
            <span title={mounts.join('\n')}>
              {mounts.length === 1 ? folderName(mounts[0] ?? '') : counted(mounts.length, operationsTexts.mount)}
            </span>
          </>
        )}
        {plan && planWords(plan)}
      </p>
      {state !== 'ended' && <OperationProgress operation={operation} />}
      {state === 'interrupted' && (
        <p className={styles.notice} role="alert">
          {operationsTexts.theProcessThatDid((total - operation.done).toLocaleString('en'))}
        </p>
      )}
      {state === 'following' && <p className={controls.secondary}>{operationsTexts.everythingWasDoneWhatWasSent}</p>}
      {stopped && <p className={styles.notice}>{stopped}</p>}
    </div>
  )
}

function planWords({ canary, stopAfterFailures, perSecond }: NonNullable<Operation['plan']>): string {
  const words = [
    ...(canary ? [operationsTexts.oneThenTenThen] : []),
    ...(stopAfterFailures === null
      ? []
      : [operationsTexts.stopsAfter(counted(stopAfterFailures, operationsTexts.failure))]),
    ...(perSecond === null ? [] : [operationsTexts.atMostASecond(perSecond)]),
  ]
  return words.length === 0 ? '' : `; ${words.join(', ')}`
}
