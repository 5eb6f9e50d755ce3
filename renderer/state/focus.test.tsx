// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { RunsScreen } from '../screens/RunsScreen'
import { answersOf, makeRuns } from '../screens/runRows.testkit'
import { type Shown, show } from '../screens/show.testkit'
import { parseRoute, useRoute } from './route'
import { useGlobalKeys } from './useGlobalKeys'

const nothing = (): void => undefined

/** A link elsewhere in the window, and the screen of the runs beside it. */
function Window() {
  const route = useRoute()
  useGlobalKeys(route, { palette: nothing, sheet: nothing, settings: nothing, source: nothing })
  return (
    <>
      <a href="#/w/all/problems">Problems</a>
      <main>{route.screen === 'runs' && <RunsScreen route={route} onAddFolder={nothing} />}</main>
    </>
  )
}

async function showWindow(): Promise<Shown> {
  location.hash = '#/w/all/runs'
  const shown = show(<Window />, answersOf(makeRuns(5)))
  await screen.findAllByRole('option')
  return shown
}

const link = (): HTMLElement => screen.getByRole('link', { name: 'Problems' })
const list = (): HTMLElement => screen.getByRole('listbox', { name: 'Runs' })

test('a key that walks the list brings the focus there, so that Enter opens the row and not a link elsewhere', async () => {
  const { person } = await showWindow()
  link().focus()
  await person.keyboard('j{Enter}')
  await waitFor(() => expect(parseRoute(location.hash)).toMatchObject({ screen: 'runs', runId: 'run1' }))
  expect(document.activeElement).toBe(list())
})

test('a key that leads to another screen takes the focus along', async () => {
  const { person } = await showWindow()
  link().focus()
  await person.keyboard('gp')
  expect([location.hash, document.activeElement?.tagName]).toEqual(['#/w/all/problems', 'MAIN'])
})

test.each(['{Enter}', '{Escape}'])('%s in the search goes on in the list that was searched', async (key) => {
  const { person } = await showWindow()
  await person.keyboard('/')
  expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search runs' }))
  await person.keyboard(key)
  expect(document.activeElement).toBe(list())
})

test('Esc closes the open run and goes back to the list', async () => {
  const { person } = await showWindow()
  await person.keyboard('j{Enter}')
  await waitFor(() => expect(location.hash).toContain('run1'))
  link().focus()
  await person.keyboard('{Escape}')
  expect([parseRoute(location.hash), document.activeElement]).toEqual([
    expect.objectContaining({ runId: null }),
    list(),
  ])
})
