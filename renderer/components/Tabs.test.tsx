// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { show } from '../screens/show.testkit'
import { Tabs } from './Tabs'

const tabs = [{ name: 'One' }, { name: 'Two', note: '7' }, { name: 'Three' }] as const

function Three() {
  const [chosen, choose] = useState<'One' | 'Two' | 'Three'>('One')
  return (
    <Tabs label="Numbers" tabs={tabs} chosen={chosen} onChoose={choose}>
      this is {chosen}
    </Tabs>
  )
}

/** The tab that is chosen, that which has the focus, and what the panel says. */
function state(): readonly (string | null)[] {
  return [
    screen.getByRole('tab', { selected: true }).textContent,
    document.activeElement?.textContent ?? null,
    screen.getByRole('tabpanel').textContent,
  ]
}

test('the focus goes with the tab that an arrow key chooses', async () => {
  const { person } = show(<Three />)
  await person.tab()
  await person.keyboard('{ArrowRight}')
  expect(state()).toEqual(['Two 7', 'Two 7', 'this is Two'])
})

test('the arrow before the first tab leads to the last one', async () => {
  const { person } = show(<Three />)
  await person.tab()
  await person.keyboard('{ArrowLeft}')
  expect(state()).toEqual(['Three', 'Three', 'this is Three'])
})

test('End and Home lead to the last tab and the first', async () => {
  const { person } = show(<Three />)
  await person.tab()
  await person.keyboard('{End}{ArrowLeft}{Home}')
  expect(state()).toEqual(['One', 'One', 'this is One'])
})

test('only the chosen tab is a stop of the Tab key', () => {
  show(<Three />)
  expect(screen.getAllByRole('tab').map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1])
})
