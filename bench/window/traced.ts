import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OpenWindow } from './openWindow'

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** In microseconds. */
  readonly dur?: number
  readonly args?: { readonly name?: string }
}

/** Records what the window's processes do during an action, into a file that chrome://tracing opens. */
export async function traced(
  { app }: OpenWindow,
  file: string,
  action: () => Promise<void>,
): Promise<{ readonly longestTaskMs: number }> {
  mkdirSync(dirname(file), { recursive: true })
  chmodSync(dirname(file), 0o777) // The app may run as another user.
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel', 'devtools.timeline', '__metadata'] }),
  )
  await action()
  await app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file)
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { readonly traceEvents: readonly TraceEvent[] }
  const windows = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('::RunTask') && windows.has(`${pid} ${tid}`))
  return { longestTaskMs: tasks.reduce((most, { dur = 0 }) => Math.max(most, dur / 1_000), 0) }
}
