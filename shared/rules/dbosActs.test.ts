import { describe, expect, it } from 'vitest'
import { type DbosRunFacts, dbosActs, mayGoOnMs } from './dbosActs'

const run = (more: Partial<DbosRunFacts>): DbosRunFacts => ({
  status: 'SUCCESS',
  executorId: 'one',
  applicationVersion: 'v1',
  completedAtMs: 0,
  readOnly: null,
  nowMs: mayGoOnMs + 1,
  ...more,
})
const kinds = (facts: DbosRunFacts): string => {
  const { cancel, resume, fork, rewind } = dbosActs(facts)
  return [cancel, resume, fork, rewind].map(({ kind }) => kind).join(' ')
}

describe('what may be done with a DBOS workflow', () => {
  it.each([
    ['ENQUEUED', 'allowed refused confirm refused'],
    ['DELAYED', 'allowed refused confirm refused'],
    ['PENDING', 'allowed confirm confirm refused'],
    ['SUCCESS', 'refused refused allowed confirm'],
    ['ERROR', 'refused refused allowed confirm'],
    ['CANCELLED', 'refused allowed allowed confirm'],
    ['MAX_RECOVERY_ATTEMPTS_EXCEEDED', 'allowed allowed allowed confirm'],
    ['SOMETHING_NEW', 'refused refused refused refused'],
  ])('%s: cancel, resume, fork, rewind are %s', (status, expected) => {
    expect(kinds(run({ status }))).toBe(expected)
  })

  it('names the executor that must be gone before a run that may be running is resumed', () => {
    expect(dbosActs(run({ status: 'PENDING' })).resume).toEqual({
      kind: 'confirm',
      question:
        'It may be running: DBOS cannot tell. If its executor one (version v1) lives, its steps run twice at the same time. Is that executor gone?',
    })
  })

  it('asks whether a run that was cancelled a short time ago has ended, unless it never began', () => {
    const soon = { status: 'CANCELLED', nowMs: mayGoOnMs }
    expect([kinds(run(soon)), kinds(run({ ...soon, executorId: null }))]).toEqual([
      'refused confirm allowed confirm',
      'refused allowed allowed confirm',
    ])
  })

  it('gives the reason of a connection that only reads for every act', () => {
    const { cancel, resume, fork, rewind } = dbosActs(run({ status: 'PENDING', readOnly: 'it only reads' }))
    expect(new Set([cancel, resume, fork, rewind].map((one) => JSON.stringify(one)))).toEqual(
      new Set(['{"kind":"refused","reason":"it only reads"}']),
    )
  })
})
