import type { Page } from '@playwright/test'

/** What a person sees while a list is scrolled from its top to its end. */
export interface Scrolled {
  /** Between frames, in ms. */
  readonly frames: readonly number[]
  /** Frames in which a place of the list was empty. */
  readonly blank: number
  readonly topRows: number
}

/** Scrolls a list from its top to its end in so many frames, and looks at each. Without a name a bare box of that height. */
export function scrollThrough(
  page: Page,
  { list, frames, height = 0 }: { readonly list: string | null; readonly frames: number; readonly height?: number },
): Promise<Scrolled> {
  return page.evaluate(
    async ([name, count, bareHeight]) => {
      const nextFrame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))
      const bare = (): HTMLElement => {
        const box = document.createElement('div')
        box.style.cssText = 'position:fixed;inset:0;overflow:auto;z-index:9;background:white'
        const inner = document.createElement('div')
        inner.style.cssText = `height:${bareHeight}px;background:repeating-linear-gradient(white 0 31px, gray 31px 32px)`
        box.append(inner)
        document.body.append(box)
        return box
      }
      const found = name === null ? undefined : document.querySelector(`[role=listbox][aria-label="${name}"]`)
      const box = found?.parentElement ?? bare()
      const end = box.scrollHeight - box.clientHeight
      const shown = box.clientHeight
      const rowHeight = found ? (found.querySelector('[role=option]')?.getBoundingClientRect().height ?? 1) : 1
      // Asks nothing of the layout: that would be work of its own in each frame.
      const isBlank = (top: number): boolean =>
        [0.1, 0.5, 0.9].some((part) => {
          const row = document.getElementById(`run-row-${Math.floor((top + shown * part) / rowHeight)}`)
          return !row?.textContent
        })
      const times: number[] = []
      let blank = 0
      let last = await nextFrame()
      for (let frame = 1; frame <= count; frame++) {
        box.scrollTop = (end * frame) / count
        const now = await nextFrame()
        times.push(now - last)
        last = now
        if (name !== null && isBlank((end * frame) / count)) blank++
      }
      if (name === null) box.remove()
      return { frames: times, blank, topRows: end }
    },
    [list, frames, height] as const,
  )
}

/** Types one character into the box that has the focus; the time from the key to the painted answer, in ms. */
export async function typeAndWait(page: Page, key: string, list: string): Promise<number> {
  await page.evaluate((name) => {
    const took = new Promise<number>((done) => {
      document.addEventListener(
        'input',
        (event) => {
          const look = (): void => {
            if (document.querySelector(`[aria-label="${name}"][aria-busy=true]`)) requestAnimationFrame(look)
            else setTimeout(() => done(performance.now() - event.timeStamp))
          }
          requestAnimationFrame(look)
        },
        { once: true, capture: true },
      )
    })
    Object.assign(window, { benchTook: took })
  }, list)
  await page.keyboard.press(key)
  return page.evaluate(() => (window as unknown as { benchTook: Promise<number> }).benchTook)
}

/** What is awaited in the page. */
export interface Awaited {
  /** Of what carries the text: a role and a name, or part of a name. */
  readonly role: string
  readonly name: string
  /** An expression that its text must match, with nothing under way in it. */
  readonly text: string
}

/** Does something, such as pressing a key, and gives the ms from its event of this kind until what is awaited was painted. */
export async function actAndWait(
  page: Page,
  {
    event,
    act,
    until,
  }: { readonly event: 'click' | 'input'; readonly act: () => Promise<void>; readonly until: Awaited },
): Promise<number> {
  await page.evaluate(
    ([kind, { role, name, text }]) => {
      const wanted = new RegExp(text)
      const isThere = (): boolean =>
        [...document.querySelectorAll(`[role="${role}"][aria-label*="${name}"], ${role}[aria-label*="${name}"]`)].some(
          (found) => !found.closest('[aria-busy=true]') && wanted.test(found.textContent ?? ''),
        )
      const took = new Promise<number>((done) => {
        document.addEventListener(
          kind,
          (happened) => {
            const look = (): void => {
              if (isThere()) setTimeout(() => done(performance.now() - happened.timeStamp))
              else requestAnimationFrame(look)
            }
            requestAnimationFrame(look)
          },
          { once: true, capture: true },
        )
      })
      Object.assign(window, { benchTook: took })
    },
    [event, until] as const,
  )
  await act()
  return page.evaluate(() => (window as unknown as { benchTook: Promise<number> }).benchTook)
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** What the window's own memory holds when it was tidied up, in MiB. */
export async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1024 / 1024
}
