import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFaultyDisk } from '../files/faultyDisk.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createLedger } from './ledger'
import type { LedgerLine } from './ledgerLines'

const begin = (id: string): LedgerLine => ({
  kind: 'begin',
  version: 1,
  id,
  act: 'retry',
  at: '2026-11-20T10:00:00.000Z',
  by: 'tester@here',
  reason: null,
  items: [{ key: 'k', path: 'a.md', version: 'v' }],
})

test.each([
  { call: 'write', code: 'ENOSPC', room: 30 },
  { call: 'sync', code: 'EIO' },
] as const)('an operation that could not be written down ($call, $code) is not found later', async (refusal) => {
  const mount = await makeTemporaryFolder()
  await mkdir(join(mount, '.relay'))
  const disk = makeFaultyDisk(mount)
  onTestFinished(disk.stop)
  const ledger = createLedger(mount)
  await ledger.write([begin('first')])
  disk.refuse(refusal)
  const outcome = await ledger.write([begin('refused')]).catch((error: { code: string }) => error.code)
  disk.heal()
  await ledger.write([begin('next')])
  const reader = createLedger(mount)
  await reader.refresh()
  expect([outcome, ledger.operations().map(({ id }) => id), reader.operations().map(({ id }) => id)]).toEqual([
    'unreadable',
    ['first', 'next'],
    ['first', 'next'],
  ])
})
