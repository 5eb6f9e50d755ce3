import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { Bench } from '../main'
import { median, type Result, toLimit } from '../measure'
import { takeSample } from '../samples'
import { actAndWait } from './inPage'
import { forget, openWindow } from './openWindow'
import { emptyWorkspace, loaded } from './windowBenches'

const rounds = 5
const lines = 1_000_000
const command = `seq -f '12:00:00 INFO worker processed item %.0f of its batch in 31 ms' 1 ${lines - 1}; echo 'Needle: item failed'; exit 1`

/** A log of a million lines, written by the runner, whose only error stands in the last one. */
const windowLog: Bench = async ({ dir }) => {
  const workspace = emptyWorkspace(dir, 'window-log')
  const file = join(workspace, 'flow.yaml')
  const steps = [{ name: 'talk', type: 'deterministic', command }]
  writeFileSync(
    file,
    JSON.stringify({
      version: '1.0',
      name: 'talk',
      swarm: { pattern: 'dag' },
      errorHandling: { strategy: 'fail-fast' },
      workflows: [{ name: 'main', steps }],
    }),
  )
  takeSample('runWorkflow', [workspace, file])
  const samples: Taken[] = []
  for (let round = 0; round < rounds; round++) {
    const opened = await openWindow(workspace, forget(join(dir, 'work', 'window-log-data')))
    await loaded(opened)
    samples.push(await lookInto(opened.page))
    await opened.close()
  }
  const limit = (what: string, of: keyof Taken, below: number): Result =>
    toLimit(`log of 1,000,000 lines: ${what}`, { value: median(samples.map((taken) => taken[of])), unit: 'ms', below })
  return [
    limit('opened at its first error', 'opened', 300),
    limit('to the first error', 'jumped', 300),
    limit('a word that occurs once, counted', 'once', 500),
    limit('a word in every line, counted', 'everywhere', 500),
  ]
}

/** From a click or the last key to what was painted, in ms. */
interface Taken {
  readonly opened: number
  readonly jumped: number
  readonly once: number
  readonly everywhere: number
}

async function lookInto(page: Page): Promise<Taken> {
  const log = { role: 'section', name: 'Log of talk' }
  await page.getByRole('option', { name: /Failed main/ }).click()
  await page.getByRole('tab', { name: 'Log' }).waitFor()
  await wait(1_000)
  const opened = await actAndWait(page, {
    event: 'click',
    act: () => page.getByRole('tab', { name: 'Log' }).click(),
    until: { ...log, text: 'Needle: item failed' },
  })
  const view = page.getByRole('region', { name: 'Log of talk' })
  await view.focus()
  await page.keyboard.press('Home')
  await view.getByText('processed item 1 of').waitFor()
  const jumped = await actAndWait(page, {
    event: 'click',
    act: () => page.getByRole('button', { name: 'First error' }).click(),
    until: { ...log, text: 'Needle: item failed' },
  })
  const field = page.getByRole('searchbox', { name: 'Search the log' })
  const search = (word: string, hits: string): Promise<number> =>
    actAndWait(page, {
      event: 'input',
      act: () => field.fill(word),
      until: { role: 'status', name: 'Hits', text: hits },
    })
  const once = await search('Needle', '^1 of 1 hit$')
  const everywhere = await search('item', '^[\\d,]+ of 1,000,000 hits$')
  return { opened, jumped, once, everywhere }
}

export const logBenches = { windowLog }
