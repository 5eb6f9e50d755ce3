import { spawn } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRunner } from '../electron/runner/runner'
import { searchAttemptLog } from '../electron/runner/searchAttemptLog'
import { createStepSlots, defaultParallelSteps } from '../electron/runner/stepSlots'
import { createRunStore } from '../electron/runs/runStore'
import { timeMs, watchThread } from './measure'
import type { Sample } from './samples'

/** Samples about runs of workflows; each runs in a process of its own. */
export const runnerSamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  /** With `watch` the thread is watched as well, which takes time of its own. */
  runWorkflow: async ([workspaceDir = '', file = '', watch = '']) => {
    const store = createRunStore({ workspaceDir, watch: false })
    await store.load()
    const slots = createStepSlots({ dir: join(workspaceDir, 'slots'), limit: () => defaultParallelSteps })
    const runner = createRunner({ journal: store, by: 'bench', slots })
    const stretch = watch === '' ? () => Number.NaN : watchThread()
    const ms = await timeMs(async () => {
      const { ended } = await runner.start({ file, vars: {} })
      await ended
    })
    const busyMs = stretch()
    const completed = store.runs()[0]?.counts.completed ?? 0
    await runner.close({ stopRuns: false })
    await slots.close()
    await store.close()
    return { ms, busyMs, completed }
  },
  /** What a chain cannot do without: two synced lines and a shell for each step. */
  spawnLoop: async ([dir = '', count = '']) => {
    const file = openSync(join(dir, 'rows.jsonl'), 'a')
    const line = `${JSON.stringify({ kind: 'step', row: { text: 'x'.repeat(500) } })}\n`
    const write = (): void => {
      writeSync(file, line)
      fdatasyncSync(file)
    }
    const ms = await timeMs(async () => {
      for (let index = 0; index < Number(count); index++) {
        write()
        await new Promise((resolve) => spawn('sh', ['-c', 'true'], { stdio: 'ignore' }).once('exit', resolve))
        write()
      }
    })
    closeSync(file)
    return { ms }
  },
  /** As the window asks: the thread is started for the first question and is there for the next one. */
  searchLog: async ([rundeskDir = '', query = '', flags = '']) => {
    const question = { query, regex: flags === 'regex', caseSensitive: flags === 'case', limit: 500, skip: 0 }
    const ask = () =>
      searchAttemptLog({
        rundeskDir,
        runId: 'run',
        stepName: 'step',
        attempt: 1,
        query: { ...question, stream: 'all' },
        workerPath: join(dirname(fileURLToPath(import.meta.url)), 'logSearch.mjs'),
      })
    const ms = await timeMs(ask)
    const againMs = await timeMs(ask)
    const { hits, firstErrorLine } = await ask()
    return { ms, againMs, hits, errorLine: firstErrorLine ?? 0 }
  },
  /** What a search cannot do without: the file is read, and every byte is looked at once. */
  bareSearch: async ([path = '', text = '']) => {
    const wanted = Buffer.from(text)
    const piece = Buffer.allocUnsafe(1024 * 1024)
    const file = openSync(path, 'r')
    let hits = 0
    const ms = await timeMs(() => {
      for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
        const bytes = piece.subarray(0, length)
        for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) hits++
      }
    })
    closeSync(file)
    return { ms, hits }
  },
}
