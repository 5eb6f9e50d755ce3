// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { show } from '../screens/show.testkit'
import { ConfirmDialog } from './ConfirmDialog'

/** A button that asks before it does something that may be refused. */
function Asking({ perform }: { readonly perform: () => Promise<void> }) {
  const [asks, setAsks] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setAsks(true)}>
        Ask
      </button>
      {asks && (
        <ConfirmDialog title="Do it?" text="It is done." act="Do it" onConfirm={perform} onClose={() => setAsks(false)}>
          <input type="checkbox" aria-label="Also that" />
          <input aria-label="Reason" />
        </ConfirmDialog>
      )}
    </>
  )
}

test('in a dialog that opens, the field to type in has the focus', async () => {
  const { person } = show(<Asking perform={async () => undefined} />)
  await person.click(screen.getByRole('button', { name: 'Ask' }))
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Reason')
})

test('a dialog is called by its title', async () => {
  const { person } = show(<Asking perform={async () => undefined} />)
  await person.click(screen.getByRole('button', { name: 'Ask' }))
  expect(screen.getByRole('dialog', { name: 'Do it?' })).toBeDefined()
})

test('what is done closes its dialog', async () => {
  const { person } = show(<Asking perform={async () => undefined} />)
  await person.click(screen.getByRole('button', { name: 'Ask' }))
  await person.click(screen.getByRole('button', { name: 'Do it' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('a refusal is told once, and its dialog stays for another try', async () => {
  const perform = () => Promise.reject(new Error('<i>Not</i> now.'))
  const { person } = show(<Asking perform={perform} />)
  await person.click(screen.getByRole('button', { name: 'Ask' }))
  await person.click(screen.getByRole('button', { name: 'Do it' }))
  await waitFor(() =>
    expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual(['<i>Not</i> now.']),
  )
  expect(screen.getByRole('button', { name: 'Do it' }).hasAttribute('disabled')).toBe(false)
})

test('nothing is done twice while it is under way', async () => {
  let calls = 0
  const perform = () => {
    calls++
    return new Promise<void>(() => undefined)
  }
  const { person } = show(<Asking perform={perform} />)
  await person.click(screen.getByRole('button', { name: 'Ask' }))
  await person.dblClick(screen.getByRole('button', { name: 'Do it' }))
  expect(calls).toBe(1)
})
