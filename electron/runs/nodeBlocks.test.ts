import { expect, test } from 'vitest'
import { createNodeColumns, readNodes, writeNodes } from './nodeBlocks'
import type { RunNode } from './runIndex'

const counts = { total: 3, pending: 0, running: 1, completed: 1, failed: 1, skipped: 0 }
const at = '2026-10-08T20:26:40.000Z'
const later = '2026-10-08T20:27:40.000Z'

const node = (number: number, change: Partial<RunNode>, view: Partial<RunNode['view']> = {}): RunNode => ({
  id: `run-${number}`,
  number,
  view: {
    ...{ workflowName: 'nightly', status: 'failed', error: null },
    ...{ startedAt: at, completedAt: later, updatedAt: later },
    ...view,
  },
  counts,
  startedMs: Date.parse(at),
  lastActivityMs: Date.parse(later),
  rowLine: 7,
  lastLine: 9,
  listed: true,
  ...change,
})

test('nodes come back as they were, whatever their texts are', () => {
  const nodes: readonly (RunNode | null)[] = [
    node(0, {}),
    null,
    node(2, { id: '' }, { workflowName: '', error: '' }),
    node(3, { listed: false, rowLine: -1, lastActivityMs: null, startedMs: 0 }, { completedAt: null, updatedAt: null }),
    node(4, {}, { error: '\u{1f600}\n"\\ \u0000 \ud800', startedAt: '0', completedAt: '', updatedAt: 'when?' }),
    node(5, {}, { startedAt: null, completedAt: null, updatedAt: later, status: 'nightly', error: 'nightly' }),
    null,
  ]
  const perBlock = 3
  const columns = createNodeColumns(nodes.length)
  const blocks: string[] = []
  for (let from = 0; from < nodes.length; from += perBlock)
    blocks.push(writeNodes(nodes.slice(from, from + perBlock), columns, from))

  const read: (RunNode | null)[] = []
  const shared = new Map<string, string>()
  for (const json of blocks)
    readNodes(read, json, columns, { count: Math.min(perBlock, nodes.length - read.length), shared })

  expect(read).toEqual(nodes)
  expect([...shared.keys()].filter((text) => text === 'nightly')).toHaveLength(1)
})
