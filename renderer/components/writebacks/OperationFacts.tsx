import type { Operation } from '../../../shared/operations'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
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
        <h2>
          {actWords[act]} of {counted(total, 'writeback')}
        </h2>
        <span className={`mono ${controls.secondary}`}>{id}</span>
        <CopyLink
          route={{ screen: 'writebacks', workspaceId: null, view: 'operations', openId: id }}
          what="the operation"
        />
        <span className={controls.spread} />
        <OperationActs operation={operation} onActed={onActed} />
      </div>
      <p className={controls.secondary}>
        By {by}, <span title={fullTime(startedAt)}>{ago(startedAt, nowMs)}</span>
        {endedAt && `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`}; reason: {reason ?? 'none given'}
        {mounts.length > 0 && (
          <>
            ; in{' '}
            <span title={mounts.join('\n')}>
              {mounts.length === 1 ? folderName(mounts[0] ?? '') : counted(mounts.length, 'mount')}
            </span>
          </>
        )}
        {plan && planWords(plan)}
      </p>
      {state !== 'ended' && <OperationProgress operation={operation} />}
      {state === 'interrupted' && (
        <p className={styles.notice} role="alert">
          The process that did this is gone, and {(total - operation.done).toLocaleString('en')} of its writebacks have
          no outcome. Continue: what was begun is looked at on the server first, so nothing is applied twice. Close:
          what was begun is looked at, and the rest is skipped.
        </p>
      )}
      {state === 'following' && (
        <p className={controls.secondary}>
          Everything was done. What was sent is delivered once the mount or the server confirms it.
        </p>
      )}
      {stopped && <p className={styles.notice}>{stopped}</p>}
    </div>
  )
}

function planWords({ canary, stopAfterFailures, perSecond }: NonNullable<Operation['plan']>): string {
  const words = [
    ...(canary ? ['one, then ten, then the rest'] : []),
    ...(stopAfterFailures === null ? [] : [`stops after ${counted(stopAfterFailures, 'failure')}`]),
    ...(perSecond === null ? [] : [`at most ${perSecond} a second`]),
  ]
  return words.length === 0 ? '' : `; ${words.join(', ')}`
}
