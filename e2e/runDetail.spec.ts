import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { rundesk, test, writeWorkflow } from './open'

const runId = 'a'.repeat(24)
const base = Date.parse('2026-11-01T00:00:00.000Z')
const iso = (ms: number): string => new Date(base + ms).toISOString()

interface StepLine {
  readonly name: string
  readonly status: string
  readonly change?: object
}

/** Writes a store with one run that has these lines of steps, and the statuses of its own lines. */
async function writeRun(
  workspace: string,
  steps: readonly StepLine[],
  statuses: readonly string[] = ['failed'],
): Promise<void> {
  const stamps = { createdAt: iso(0), startedAt: iso(0) }
  const runs = statuses.map((status, index) => ({
    kind: 'run',
    row: { id: runId, workflowName: 'flow', config: {}, status, updatedAt: iso(index * 1000), ...stamps },
  }))
  const rows = steps.map(({ name, status, change }) => ({
    kind: 'step',
    row: {
      id: Buffer.from(name.padEnd(12, '.')).toString('hex'),
      runId,
      stepName: name,
      status,
      updatedAt: iso(0),
      dependsOn: [],
      ...change,
    },
  }))
  const text = [...runs, ...rows].map((line) => JSON.stringify(line)).join('\n')
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), `${text}\n`)
}

/** So many steps, each a second after the one before it; every hundredth failed. */
function manySteps(count: number): readonly StepLine[] {
  return Array.from({ length: count }, (_, index) => {
    const status = index % 100 === 99 ? 'failed' : 'completed'
    const times = { startedAt: iso(index * 1000 + 500), completedAt: iso(index * 1000 + 1000) }
    const name = `s${index}`
    const dependsOn = index === 0 ? [] : [`s${index - 1}`]
    return [
      { name, status: 'running', change: { dependsOn, startedAt: times.startedAt } },
      { name, status, change: { dependsOn, ...times, ...(status === 'failed' ? { error: 'no' } : {}) } },
    ]
  }).flat()
}

async function openRun(page: Page): Promise<void> {
  await page
    .getByRole('listbox', { name: 'Runs' })
    .or(page.getByRole('region', { name: 'Runs' }))
    .getByRole('option')
    .first()
    .click()
}

const stepsOf = (page: Page) => page.getByRole('listbox', { name: 'Steps' })
const shownOf = (page: Page) => page.getByRole('status', { name: 'Steps shown' })

test('the wait of a step is told apart from the time that its attempts ran', async ({ open, workspace }) => {
  await writeRun(workspace, manySteps(3))
  const { page } = await open()
  await openRun(page)
  await expect(stepsOf(page).getByRole('option', { name: /Completed s1 waited 500 ms ran 500 ms/ })).toBeVisible()
})

test('a time is zoomed into by the keyboard, which leaves its steps, and 0 shows all again', async ({
  open,
  workspace,
}) => {
  await writeRun(workspace, manySteps(200))
  const { page } = await open()
  await openRun(page)
  await expect(shownOf(page)).toHaveText('200 steps')
  await page.getByRole('slider', { name: 'End of the time shown' }).focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(shownOf(page)).toHaveText('181 of 200 steps')
  await stepsOf(page).focus()
  await page.keyboard.press('0')
  await expect(shownOf(page)).toHaveText('200 steps')
})

test('a drag over the whole time shows only the steps of that part', async ({ open, workspace }) => {
  await writeRun(workspace, manySteps(200))
  const { page } = await open()
  await openRun(page)
  await expect(shownOf(page)).toHaveText('200 steps')
  const [start, end] = await Promise.all(
    ['Start', 'End'].map((name) => page.getByRole('slider', { name: `${name} of the time shown` }).boundingBox()),
  )
  const [left, right, y] = [(start?.x ?? 0) + 4, (end?.x ?? 0) + 4, (start?.y ?? 0) + 16]
  await page.mouse.move(left + (right - left) * 0.25, y)
  await page.mouse.down()
  await page.mouse.move(left + (right - left) * 0.5, y, { steps: 5 })
  await page.mouse.up()
  await expect(shownOf(page)).toHaveText(/^(49|50|51|52|53) of 200 steps$/)
})

test('of very many steps the last one is a key away, errors can be looked at alone, and a table tells the same', async ({
  open,
  workspace,
}) => {
  await writeRun(workspace, manySteps(6_000))
  const { page } = await open()
  await openRun(page)
  await expect(shownOf(page)).toHaveText('6,000 steps')
  await stepsOf(page).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('option', { name: /^Failed s5999 /, selected: true })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Step s5999' })).toBeVisible()
  await page.getByRole('button', { name: 'Errors only 60' }).click()
  await expect(shownOf(page)).toHaveText('60 of 6,000 steps')
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('row', { name: /^s5999 Failed 1 500 ms 500 ms/ })).toBeVisible()
  expect(await accessibilityFaults(page)).toEqual([])
})

test('a graph of too many steps says so and leads to the timeline', async ({ open, workspace }) => {
  await writeRun(workspace, manySteps(1_200))
  const { page } = await open()
  await openRun(page)
  await page.getByRole('tab', { name: 'Graph' }).click()
  await expect(page.getByRole('heading', { name: 'A graph of 1,200 steps cannot be read' })).toBeVisible()
  await page.getByRole('button', { name: 'Show the timeline' }).click()
  await expect(stepsOf(page)).toBeVisible()
})

test('of an output of 10 MB the beginning is shown, and all of it when that is asked for', async ({
  open,
  workspace,
}) => {
  const output = `first line\n${'a line of the output\n'.repeat(500_000)}last line`
  await writeRun(workspace, [{ name: 'big', status: 'completed', change: { output } }], ['completed'])
  const { page } = await open()
  await openRun(page)
  const evidence = page.getByRole('region', { name: 'Output of big' })
  await expect(evidence.getByRole('status')).toHaveText('The beginning')
  await expect(evidence).toContainText('first line')
  await evidence.getByRole('button', { name: 'Show all' }).click()
  const all = evidence.getByRole('region', { name: 'All of the output' })
  await all.focus()
  await page.keyboard.press('End')
  await expect(all).toContainText('last line')
})

test('the frames of a stack are folded until they are asked for', async ({ open, workspace }) => {
  const frames = Array.from({ length: 20 }, (_, index) => `    at call${index} (app.js:${index}:1)`)
  const error = ['TypeError: no', ...frames].join('\n')
  await writeRun(workspace, [{ name: 'bad', status: 'failed', change: { error } }])
  const { page } = await open()
  await openRun(page)
  const evidence = page.getByRole('region', { name: 'Error of bad' })
  await expect(evidence).not.toContainText('call19')
  await evidence.getByRole('button', { name: 'Show the whole stack: 19 more lines' }).click()
  await expect(evidence).toContainText('call19')
})

test('a log is narrowed to its errors, and a search shows what it finds among all levels again', async ({
  open,
  workspace,
}) => {
  const command = 'for i in 1 2 3; do echo "INFO $i"; done; echo "ERROR four"; echo "WARN five"'
  const file = await writeWorkflow(workspace, 'talk', [{ name: 'talk', command }])
  await rundesk(['start', file, '-w', workspace])
  const { page } = await open()
  await openRun(page)
  await page.getByRole('tab', { name: 'Log' }).click()
  const foot = page.getByRole('status', { name: 'Log', exact: true })
  await expect(foot).toHaveText('5 lines')
  await page.getByRole('combobox', { name: 'Level' }).selectOption('Warnings and errors')
  await expect(foot).toHaveText('2 lines: warnings and errors')
  await expect(page.getByRole('region', { name: 'Log of talk' })).not.toContainText('INFO')
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('INFO')
  await expect(page.getByRole('status', { name: 'Hits' })).toHaveText('1 of 3 hits')
  await expect(foot).toHaveText('5 lines')
})

test('what other programs did with a run is told beside what Rundesk did', async ({ open, workspace }) => {
  await writeRun(workspace, [], ['running', 'failed', 'running', 'cancelled'])
  const { page } = await open()
  await openRun(page)
  await page.getByRole('tab', { name: 'History' }).click()
  const history = page.getByRole('list', { name: 'History' })
  await expect(history.getByRole('listitem')).toContainText([
    'Started by another program',
    'Failed',
    'Resumed by another program',
    'Cancelled by another program',
  ])
})

test('the command for a terminal is copied', { tag: '@desktop' }, async ({ open, workspace }) => {
  await writeRun(workspace, manySteps(1), ['completed'])
  const { page, electron } = await open()
  await openRun(page)
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: 'Copy as a command' }).click()
  await expect(page.getByText('Copied the command.')).toBeVisible()
  const copied = await electron?.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toBe(`rundesk show ${runId} -w ${workspace}`)
})
