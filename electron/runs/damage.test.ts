import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { StoreLine } from './rows'
import { createRunStore } from './runStore'
import { toFile } from './storeLines.testkit'
import { foldText, rowsOf } from './storeModel.testkit'

const [runA, runB, step] = ['a', 'b', 'c'].map((digit) => digit.repeat(24))
const at = '2026-11-20T10:00:00.000Z'
const lines: readonly unknown[] = [
  { kind: 'run', row: { id: runA, workflowName: 'sync', status: 'failed', error: 'no "x"\n', startedAt: at } },
  { kind: 'step', row: { id: step, runId: runA, stepName: 'ö', status: 'failed', dependsOn: [], retryCount: 2 } },
  { kind: 'run', row: { id: runB, status: 'running', updatedAt: at, rundesk: { own: [1] } } },
  { kind: 'step', row: { id: step, runId: runA, stepName: 'ö', status: 'completed', output: 'done', own: null } },
]
const whole = Buffer.from(toFile(lines as readonly StoreLine[]))
const last: StoreLine = { kind: 'run', row: { id: 'd'.repeat(24), status: 'pending' } }

/** Opens a store with these bytes, looks at everything, appends a line, and gives what was wrong. */
async function tryBytes(workspaceDir: string, bytes: Buffer): Promise<readonly string[]> {
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(file, bytes)
  const store = createRunStore({ workspaceDir, watch: false })
  await store.load()
  const [said, expected] = [await rowsOf(store), foldText(bytes.toString('utf8'), [])]
  const reported = store.problems().length
  const unread = bytes.toString('utf8').split('\n').slice(0, -1).filter(isNoRow).length
  const untouched = bytes.equals(await readFile(file))
  await store.append([last], 'written')
  const after = await readFile(file)
  await store.close()
  const found = after.toString('utf8').split('\n').at(-2) === JSON.stringify(last)
  return [
    ...(isDeepStrictEqual(said, expected) ? [] : [`it says ${JSON.stringify(said)}`]),
    ...(reported < unread ? [`${unread} lines cannot be read, ${reported} problems are told`] : []),
    ...(untouched ? [] : ['reading changed it']),
    ...(after.subarray(0, bytes.length).equals(bytes) ? [] : ['appending changed what stood there']),
    ...(found ? [] : ['the next line is lost']),
  ]
}

function isNoRow(line: string): boolean {
  return line.trim() !== '' && Object.keys(foldText(`${line}\n`, [])).length === 0 && !/"kind":"step"/.test(line)
}

async function complaintsOf(cases: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<string[]> {
  const workspaceDir = await makeTemporaryFolder()
  await mkdir(dirname(join(workspaceDir, '.agent-relay', 'x')))
  const complaints: string[] = []
  for (const { name, bytes } of cases)
    complaints.push(...(await tryBytes(workspaceDir, bytes)).map((text) => `${name}: ${text}`))
  return complaints
}

test('cut off anywhere, a run store opens, says what is whole, and takes the next line', async () => {
  const cases = Array.from(whole, (_, length) => ({ name: `cut at ${length}`, bytes: whole.subarray(0, length) }))
  expect(await complaintsOf(cases)).toEqual([])
})

test.each([0x01, 0x20, 0x80])(
  'with any one byte changed by %i it opens, says what is whole, and takes the next line',
  async (mask) => {
    const cases = Array.from(whole, (byte, index) => {
      const bytes = Buffer.from(whole)
      bytes[index] = byte ^ mask
      return { name: `byte ${index}`, bytes }
    })
    expect(await complaintsOf(cases)).toEqual([])
  },
)
