// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Shown, show } from '../screens/show.testkit'
import { ActsMenu } from './ActsMenu'

/** A menu of three acts, the second of which is refused; tells which were done. */
async function openMenu(): Promise<Shown & { readonly done: readonly string[] }> {
  const done: string[] = []
  const act = (label: string, refusal: string | null = null) => ({ label, refusal, onAct: () => done.push(label) })
  const shown = show(<ActsMenu label="More acts" acts={[act('First'), act('Second', 'It is over.'), act('Third')]} />)
  await shown.person.click(screen.getByRole('button', { name: 'More acts' }))
  return { ...shown, done }
}

test('the first line of a menu that opens has the focus', async () => {
  await openMenu()
  expect(document.activeElement?.textContent).toBe('First')
})

test('arrow keys walk through a menu, and around', async () => {
  const { person } = await openMenu()
  await person.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}')
  expect(document.activeElement?.textContent).toBe('Third')
})

test('an act that is refused stays in reach, says why, and is not done', async () => {
  const { person, done } = await openMenu()
  await person.keyboard('{ArrowDown}{Enter}')
  expect([document.activeElement?.textContent, done]).toEqual(['SecondIt is over.', []])
})

test('an act is done once', async () => {
  const { person, done } = await openMenu()
  await person.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(done).toEqual(['Third'])
})
