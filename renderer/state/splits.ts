import { z } from 'zod'

const prefix = 'divider '
const splitsSchema = z.record(z.string(), z.number())
const listeners = new Set<() => void>()

/** Where the divider of this name was put, in percent; null when it never was moved. */
export function readSplit(name: string): number | null {
  const text = localStorage.getItem(`${prefix}${name}`)
  return text === null ? null : Number(text)
}

/** Remembers where a divider was put. */
export function keepSplit(name: string, share: number): void {
  localStorage.setItem(`${prefix}${name}`, String(share))
  for (const listener of listeners) listener()
}

/** All dividers that were moved, by name. */
export function allSplits(): Record<string, number> {
  const names = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  return Object.fromEntries(names.map((key) => [key.slice(prefix.length), Number(localStorage.getItem(key))]))
}

/** Calls back when a divider was moved. */
export function onSplit(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Takes what the app remembers of dividers, which it hands to a new window in its address. */
export function takeSplits(search: string): void {
  const given = new URLSearchParams(search).get('splits')
  if (given === null || sessionStorage.getItem('dividers taken') !== null) return
  sessionStorage.setItem('dividers taken', 'yes')
  try {
    const splits = splitsSchema.parse(JSON.parse(given))
    for (const [name, share] of Object.entries(splits)) localStorage.setItem(`${prefix}${name}`, String(share))
  } catch {
    // The dividers then stand where they stood before.
  }
}
