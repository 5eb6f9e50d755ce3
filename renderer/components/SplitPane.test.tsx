// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { show } from '../screens/show.testkit'
import { SplitPane } from './SplitPane'

const pane = (bottom: string | null) => (
  <SplitPane name="list" initial={40} narrow="both" top={<p>above</p>} bottom={bottom && <p>{bottom}</p>} />
)
const share = (): number => Number(screen.getByRole('separator').getAttribute('aria-valuenow'))

test('arrow keys move the divider, down for more and up for less', async () => {
  const { person } = show(pane('below'))
  screen.getByRole('separator').focus()
  await person.keyboard('{ArrowDown}{ArrowDown}')
  const more = share()
  await person.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}')
  expect([more > 40, share() < 40]).toEqual([true, true])
})

test('the divider stops before a pane is gone', async () => {
  const { person } = show(pane('below'))
  const divider = screen.getByRole('separator')
  divider.focus()
  await person.keyboard('{ArrowDown>60/}')
  expect(share()).toBe(Number(divider.getAttribute('aria-valuemax')))
})

test('with one pane there is no divider', () => {
  show(pane(null))
  expect(screen.queryByRole('separator')).toBeNull()
})
