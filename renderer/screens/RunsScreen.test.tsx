// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Run } from '../../shared/runs'
import { parseRoute, type RunsRoute, toHash, useRoute } from '../state/route'
import { RunsScreen } from './RunsScreen'
import { answersOf, makeRun, makeRuns } from './runRows.testkit'
import { type Answers, type Shown, show } from './show.testkit'

const start: RunsRoute = { screen: 'runs', workspaceId: null, filter: 'all', search: '', runId: null }
const failed = makeRun('bad', { status: 'failed', error: 'it broke' })

function Runs() {
  const route = useRoute()
  return route.screen === 'runs' && <RunsScreen route={route} onAddFolder={() => undefined} />
}

/** The list of these runs, once its first rows are there. */
async function list(
  runs: readonly Run[],
  change: { answers?: Answers; route?: Partial<RunsRoute> } = {},
): Promise<Shown> {
  location.hash = toHash({ ...start, ...change.route })
  const shown = show(<Runs />, answersOf(runs, change.answers))
  if (runs.length > 0) await screen.findAllByRole('option')
  return shown
}

/** The words of the row under the cursor. */
function cursor(): string | null {
  const id = screen.getByRole('listbox', { name: 'Runs' }).getAttribute('aria-activedescendant')
  return id === null ? null : (document.getElementById(id)?.textContent ?? null)
}

function chosen(): readonly string[] {
  return screen.getAllByRole('option', { selected: true }).map((row) => row.textContent?.match(/flow-run\d/)?.[0] ?? '')
}

const head = (name: string): HTMLElement =>
  within(screen.getByRole('toolbar', { name: 'Columns' })).getByRole('button', { name })
const findHead = (name: string): Promise<HTMLElement> =>
  within(screen.getByRole('toolbar', { name: 'Columns' })).findByRole('button', { name })

test('j and the arrows walk from row to row', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('jj{ArrowDown}k')
  expect(cursor()).toContain('flow-run2')
})

test('the cursor stays on the first row where there is none before it', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('k{ArrowUp}')
  expect(cursor()).toContain('flow-run0')
})

test('End goes to the last row, wherever it is', async () => {
  const { person } = await list(makeRuns(1200))
  await person.keyboard('{End}')
  await waitFor(() => expect(cursor()).toContain('flow-run1199'))
})

test('Home comes back to the first row', async () => {
  const { person } = await list(makeRuns(1200))
  await person.keyboard('{End}')
  await waitFor(() => expect(cursor()).toContain('flow-run1199'))
  await person.keyboard('{Home}')
  await waitFor(() => expect(cursor()).toContain('flow-run0'))
})

test('only the rows that can be seen are drawn', async () => {
  await list(makeRuns(1200))
  expect(screen.getAllByRole('option').length).toBeLessThan(60)
})

test('Enter opens the run under the cursor', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('j{Enter}')
  await waitFor(() => expect(parseRoute(location.hash)).toMatchObject({ runId: 'run1' }))
})

test('Space opens the run under the cursor, and closes it again', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard(' ')
  await waitFor(() => expect(parseRoute(location.hash)).toMatchObject({ runId: 'run0' }))
  await person.keyboard(' ')
  await waitFor(() => expect(parseRoute(location.hash)).toMatchObject({ runId: null }))
})

test('x and Shift with J choose rows one after the other', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('x{Shift>}JJ{/Shift}')
  expect(chosen()).toEqual(['flow-run0', 'flow-run1', 'flow-run2'])
})

test('a click with Shift chooses all rows between', async () => {
  const { person } = await list(makeRuns(6))
  await person.keyboard('j{Shift>}')
  await person.click(screen.getByText('flow-run4'))
  expect(chosen()).toEqual(['flow-run1', 'flow-run2', 'flow-run3', 'flow-run4'])
})

test('all that match are chosen at once, also those that are not on the screen', async () => {
  const { person } = await list(makeRuns(1200))
  await person.keyboard('a')
  expect(screen.getByRole('status', { name: 'Selection' }).textContent).toBe('All 1,200 selected')
})

test('Esc gives up the selection', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('xjx{Escape}')
  expect(screen.queryByRole('status', { name: 'Selection' })).toBeNull()
})

test('how many are chosen is told in one place only', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('xjx')
  expect(screen.getAllByText('2 selected')).toHaveLength(1)
})

test('letters that are typed in the search are no commands', async () => {
  const { person } = await list(makeRuns(5))
  await person.keyboard('/')
  await person.keyboard('x')
  expect([screen.queryByRole('status', { name: 'Selection' }), parseRoute(location.hash)]).toEqual([
    null,
    { ...start, search: 'x' },
  ])
})

test('a digit chooses a filter of the list, whose chip tells so', async () => {
  const { person } = await list([...makeRuns(3), failed])
  await person.keyboard('4')
  await waitFor(() => expect(screen.getByRole('button', { name: 'Failed 1', pressed: true })).toBeDefined())
})

test('a filter leaves only the rows that fit', async () => {
  const { person } = await list([...makeRuns(3), failed])
  await person.click(screen.getByRole('button', { name: 'Failed 1' }))
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1))
})

test('a filter that is taken away leaves the focus on the next one', async () => {
  const where = { statuses: ['failed'], hasError: true }
  const { person } = await list(makeRuns(3), { route: { where } })
  const [first, second] = screen.getAllByRole('button', { name: /^Remove the filter/ })
  if (!first || !second) throw new Error('There are no two filters.')
  const after = second.getAttribute('aria-label') ?? ''
  await person.click(first)
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe(after))
})

test('the head of a column sorts by it, and says which way', async () => {
  const { person } = await list(makeRuns(3))
  await person.click(head('Duration'))
  expect(await findHead('Duration, sorted downwards')).toBeDefined()
})

test('a third press on the head of a column gives the newest first again', async () => {
  const { person } = await list(makeRuns(3))
  await person.click(head('Duration'))
  await person.click(await findHead('Duration, sorted downwards'))
  await person.click(await findHead('Duration, sorted upwards'))
  await waitFor(() => expect(parseRoute(location.hash)).toEqual(start))
})

test('arrow keys walk over the heads of the columns, one of which the Tab key reaches', async () => {
  const { person } = await list(makeRuns(3))
  const heads = within(screen.getByRole('toolbar', { name: 'Columns' })).getAllByRole('button')
  heads[0]?.focus()
  await person.keyboard('{ArrowRight}{ArrowRight}')
  expect([document.activeElement, heads.filter(({ tabIndex }) => tabIndex === 0)]).toEqual([heads[2], [heads[0]]])
})

test('until the first answer is there, it says that it loads', async () => {
  await list([], { answers: { 'runs:query': () => new Promise(() => undefined) } })
  expect(screen.getAllByRole('status', { name: 'Loading' })).toHaveLength(1)
})

test('a failure is told in its words, and asked again at a press', async () => {
  let calls = 0
  const answer = answersOf(makeRuns(2))['runs:query']
  const refuseOnce = (input: never): unknown => {
    calls++
    if (calls === 1) throw new Error('The disk <b>does not</b> answer.')
    return answer?.(input)
  }
  const { person } = await list([], { answers: { 'runs:query': refuseOnce } })
  expect((await screen.findByRole('alert')).textContent).toContain('The disk <b>does not</b> answer.')
  await person.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findAllByRole('option')).toHaveLength(2)
})

test('where no run is there yet, it tells how to begin', async () => {
  await list([])
  expect(await screen.findByRole('heading', { name: 'No runs yet' })).toBeDefined()
})

test('where nothing fits, one press takes all filters away', async () => {
  const { person } = await list([], { route: { search: 'nothing like it', filter: 'running' } })
  await person.click(await screen.findByRole('button', { name: 'Clear filters' }))
  await waitFor(() => expect(parseRoute(location.hash)).toEqual(start))
})

test('where no run failed, it says so kindly', async () => {
  await list([], { route: { filter: 'failed' } })
  expect(await screen.findByRole('heading', { name: 'No failed runs' })).toBeDefined()
})

test('markup in a name and in an error is text', async () => {
  const name = '<img src=x onerror="alert(1)">'
  await list([makeRun('a', { workflowName: name, status: 'failed', error: '<script>1</script>' })])
  expect([screen.getByText(name).children.length, screen.getByText('<script>1</script>').children.length]).toEqual([
    0, 0,
  ])
})

test('a name that turns the direction of writing is shown as it is stored, and so is a very long one', async () => {
  const turned = 'invoice\u202Efdp.exe'
  const long = 'n'.repeat(20_000)
  await list([makeRun('a', { workflowName: turned }), makeRun('b', { workflowName: long })])
  expect([screen.getByTitle(turned).textContent, screen.getByTitle(long).textContent]).toEqual([turned, long])
})
