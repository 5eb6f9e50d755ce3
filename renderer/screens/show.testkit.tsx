import { cleanup, configure, render } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'
import { type Bridge, createClient } from '../../shared/client'
import { toFailure } from '../../shared/outcome'
import { ClientContext } from '../state/client'

/** Answers of main by channel. What one throws is the failure of the request; other channels are refused. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>

/** What a person has before them. */
export interface Shown {
  readonly person: UserEvent
  /** Every request so far. */
  readonly asked: readonly { readonly channel: string; readonly input: unknown }[]
  /** Tells the window an event of main. */
  readonly tell: (event: string, payload: unknown) => void
}

/** The size that every box has here, where nothing is laid out: the rows of lists are those that fit in it. */
const box = { width: 1200, height: 640 }

/**
 * Shows a part of the window, with a direct call instead of the bridge to main. What is shown, the address and what is
 * remembered on the machine go after each test.
 */
export function show(node: ReactNode, answers: Answers = {}): Shown {
  const asked: { channel: string; input: unknown }[] = []
  const listeners = new Set<(event: string, payload: unknown) => void>()
  const bridge: Bridge = {
    request: async (channel, input) => {
      asked.push({ channel, input })
      try {
        const answer = answers[channel]
        if (!answer) throw new Error(`Nothing answers ${channel} here.`)
        return { ok: true, value: await answer(input as never) }
      } catch (error) {
        return { ok: false, error: toFailure(error) }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  render(<ClientContext value={createClient(bridge)}>{node}</ClientContext>)
  return {
    person: userEvent.setup(),
    asked,
    tell: (event, payload) => {
      for (const listener of [...listeners]) listener(event, payload)
    },
  }
}

// Nothing is laid out, so to ask of each element whether it can be seen tells little and takes long.
configure({ defaultHidden: true, asyncUtilTimeout: 20_000 })

for (const [name, px] of [
  ['offsetWidth', box.width],
  ['clientWidth', box.width],
  ['offsetHeight', box.height],
  ['clientHeight', box.height],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => px })

// A real box tells when it was scrolled.
const scrolled = new WeakMap<HTMLElement, number>()
Object.defineProperty(HTMLElement.prototype, 'scrollTop', {
  configurable: true,
  get(this: HTMLElement) {
    return scrolled.get(this) ?? 0
  },
  set(this: HTMLElement, px: number) {
    scrolled.set(this, px)
    this.dispatchEvent(new Event('scroll'))
  },
})

// The page that tests run in has no popovers: one is open while it has the attribute, and Esc is left to real windows.
Object.assign(HTMLElement.prototype, {
  showPopover(this: HTMLElement) {
    this.setAttribute('data-open', '')
  },
  hidePopover(this: HTMLElement) {
    this.removeAttribute('data-open')
  },
})

afterEach(() => {
  cleanup()
  localStorage.clear()
  location.hash = ''
})
