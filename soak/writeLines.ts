import { appendFileSync } from 'node:fs'
import { makeRunLine, makeStepLine } from '../electron/runs/storeLines.testkit'

/** Another program that writes lines into the run store, without a pause. */
export interface LineWriter {
  readonly written: () => number
  /** How often each run was written last: the `retryCount` that its first step must show. */
  readonly newest: () => ReadonlyMap<string, number>
  readonly stop: () => void
}

const runs = 200
const stepsOfRun = 4
const everyMs = 20

/** Writes so many lines a second: the rows of a fixed set of going runs, again and again, so that nothing has to grow. */
export function writeLines(store: string, perSecond: number): LineWriter {
  const startMs = Date.now()
  const newest = new Map<string, number>()
  let written = 0
  const timer = setInterval(() => {
    const owed = ((Date.now() - startMs) * perSecond) / 1_000 - written
    let text = ''
    for (let line = 0; line < owed; line++) text += nextLine(written++, newest)
    appendFileSync(store, text)
  }, everyMs)
  return { written: () => written, newest: () => newest, stop: () => clearInterval(timer) }
}

function nextLine(number: number, newest: Map<string, number>): string {
  const runNumber = Math.floor(number / (stepsOfRun + 1)) % runs
  const round = Math.floor(number / (stepsOfRun + 1) / runs)
  const id = `f${String(runNumber).padStart(23, '0')}`
  const part = number % (stepsOfRun + 1)
  const updatedAt = new Date().toISOString()
  if (part === 0) return toText(makeRunLine({ id, workflowName: 'written-elsewhere', status: 'running', updatedAt }))
  if (part === 1) newest.set(id, round)
  return toText(
    makeStepLine({
      id: `${id}${part}`,
      runId: id,
      stepName: `step-${part}`,
      status: round % 2 === 0 ? 'running' : 'pending',
      retryCount: round,
      updatedAt,
    }),
  )
}

function toText(line: unknown): string {
  return `${JSON.stringify(line)}\n`
}
