import { spawn } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createRunner } from '../electron/runner/runner'
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
    const runner = createRunner({ journal: store, by: 'bench', watchdogPath: '', slots })
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
}
