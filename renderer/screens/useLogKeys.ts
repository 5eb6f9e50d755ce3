import { type RefObject, useEffect } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { isTyping } from '../state/keys'

const plain = { ctrlKey: false, metaKey: false, altKey: false }
const chord = { ...plain, ctrlKey: true }

/** The keys of an open log. They come before those of the list of runs: `/` and Ctrl F search the log. */
export function useLogKeys({
  searchField,
  firstError,
  toggleFollow,
  copy,
}: {
  readonly searchField: RefObject<HTMLInputElement | null>
  readonly firstError: () => void
  /** Null when nothing is written any more. */
  readonly toggleFollow: (() => void) | null
  /** Copies the chosen lines; null when none are. */
  readonly copy: (() => void) | null
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = event.ctrlKey || event.metaKey
      const act = command
        ? commandOf(event.key, { searchField, copy })
        : isTyping(event) || event.altKey
          ? null
          : plainOf(event.key, { searchField, firstError, toggleFollow })
      if (!act) return
      event.preventDefault()
      event.stopImmediatePropagation()
      act()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  })
}

function commandOf(
  key: string,
  { searchField, copy }: Pick<Parameters<typeof useLogKeys>[0], 'searchField' | 'copy'>,
): (() => void) | null {
  if (isKey({ ...chord, key }, 'log-search')) return () => searchField.current?.focus()
  if (isKey({ ...chord, key }, 'log-copy') && String(getSelection()) === '') return copy
  return null
}

function plainOf(
  key: string,
  { searchField, firstError, toggleFollow }: Omit<Parameters<typeof useLogKeys>[0], 'copy'>,
): (() => void) | null {
  if (isKey({ ...plain, key }, 'log-search')) return () => searchField.current?.focus()
  if (isKey({ ...plain, key }, 'log-error')) return firstError
  return isKey({ ...plain, key }, 'follow') ? toggleFollow : null
}
