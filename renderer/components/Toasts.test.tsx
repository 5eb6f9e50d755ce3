// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { show } from '../screens/show.testkit'
import { showToast, toastStore } from '../state/toasts'
import { Toasts } from './Toasts'

beforeEach(() => toastStore.setState({ toasts: [] }))

const tell = (text: string, undone?: () => void): void =>
  act(() => showToast({ tone: 'done', text, action: undone ? { label: 'Undo', run: undone } : null }))

test('a message is told once, in the one place that a screen reader listens to', () => {
  show(<Toasts />)
  tell('Dismissed 3 writebacks.')
  const [place, ...others] = screen.getAllByRole('status')
  expect([place?.textContent?.match(/Dismissed 3 writebacks\./g)?.length, others]).toEqual([1, []])
})

test('the place of messages is there before the first one, so that it is heard', () => {
  show(<Toasts />)
  expect(screen.getByRole('status', { name: 'Messages' }).textContent).toBe('')
})

test('of many messages the newest four stay', () => {
  show(<Toasts />)
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) tell(text)
  expect(['one', 'two', 'three', 'four', 'five', 'six'].filter((text) => screen.queryByText(text))).toEqual([
    'three',
    'four',
    'five',
    'six',
  ])
})

test('an act that is undone takes its message with it', async () => {
  let undone = 0
  const { person } = show(<Toasts />)
  tell('Dismissed 3 writebacks.', () => {
    undone++
  })
  await person.click(screen.getByRole('button', { name: 'Undo' }))
  expect([undone, screen.queryByText('Dismissed 3 writebacks.')]).toEqual([1, null])
})

test('markup in a message is text', () => {
  show(<Toasts />)
  tell('Removed <b>all</b>')
  expect(screen.getByText('Removed <b>all</b>').children.length).toBe(0)
})
