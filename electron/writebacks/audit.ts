import type { AuditEntry, ItemOutcome, Operation } from '../../shared/operations'
import { searchWords } from '../../shared/rules/searchWords'
import { createBreath } from '../files/breath'
import { wayOf } from './ledgerMemory'
import type { OperationPart } from './operationView'

/** Which acts: every word of `search` must occur; `from` and `to` are times, both included. */
export interface AuditQuestion {
  readonly search?: string | undefined
  readonly act?: Operation['act'] | undefined
  readonly by?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly outcome?: ItemOutcome | undefined
}

/** Who did what to which item, why, and what came of it, newest first. It gives up the thread every few ms. */
export async function auditOf(
  parts: readonly OperationPart[],
  question: AuditQuestion,
): Promise<readonly AuditEntry[]> {
  const breathe = createBreath()
  const words = searchWords(question.search ?? '')
  const entries: AuditEntry[] = []
  for (const { mount, operation } of parts) {
    const { id, act, startedAt, by, reason } = operation
    if (!fits({ act, by, startedAt }, question)) continue
    for (const item of operation.items) {
      const pause = breathe()
      if (pause) await pause
      const { key, path, claim, outcome, detail, outcomeAt } = item
      if (question.outcome !== undefined && outcome !== question.outcome) continue
      const text =
        `${id}\n${by}\n${act}\n${reason ?? ''}\n${key}\n${path ?? ''}\n${outcome ?? ''}\n${detail}`.toLowerCase()
      if (!words.every((word) => text.includes(word))) continue
      entries.push({
        ...{ operationId: id, at: outcomeAt ?? startedAt, by, act, reason, mount, key, path },
        ...{ way: wayOf(claim), outcome, detail },
      })
    }
  }
  return entries.sort((left, right) => (left.at < right.at ? 1 : -1))
}

/** Those operations that fit, in the order given. */
export function operationsThatFit(operations: readonly Operation[], question: AuditQuestion): readonly Operation[] {
  const words = searchWords(question.search ?? '')
  return operations.filter((operation) => {
    const { id, by, act, reason, mounts } = operation
    const text = `${id}\n${by}\n${act}\n${reason ?? ''}\n${mounts.join('\n')}`.toLowerCase()
    return fits(operation, question) && words.every((word) => text.includes(word))
  })
}

function fits({ act, by, startedAt }: Pick<Operation, 'act' | 'by' | 'startedAt'>, question: AuditQuestion): boolean {
  const ms = Date.parse(startedAt)
  if (question.act !== undefined && act !== question.act) return false
  if (question.by !== undefined && !by.toLowerCase().includes(question.by.toLowerCase())) return false
  if (question.from !== undefined && ms < Date.parse(question.from)) return false
  return question.to === undefined || ms <= Date.parse(question.to)
}
