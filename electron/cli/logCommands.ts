import { setTimeout as sleep } from 'node:timers/promises'
import type { LogHits } from '../../shared/logs'
import { RundeskError } from '../../shared/outcome'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable } from './terminal'

interface LogOptions extends GlobalOptions {
  readonly step?: string
  readonly attempt?: number
  readonly follow: boolean
  readonly search?: string
  readonly regex: boolean
  readonly stream: 'all' | 'stdout' | 'stderr'
}

interface LogRef {
  readonly workspaceId: string
  readonly runId: string
  readonly stepName: string | null
  readonly attempt: number | null
}

const pageBytes = 1024 * 1024
const pollMs = 250
/** A longer log makes no JSON document. */
const mostJsonBytes = 128 * 1024 * 1024

/** `rundesk logs RUN` */
export async function logs(context: CommandContext, run: string, options: LogOptions): Promise<number> {
  const at = await context.client.request('runs:find', { runId: run })
  const log: LogRef = { ...at, stepName: options.step ?? null, attempt: options.attempt ?? null }
  if (options.search !== undefined) return searchLog(context, log, { ...options, query: options.search })
  return printLog(context, log, options)
}

/** Prints the log, byte for byte unless on a screen; with `follow` until its run is no longer going. */
async function printLog({ client, terminal }: CommandContext, log: LogRef, { follow }: LogOptions): Promise<number> {
  const parts: string[] = []
  for (let offset = 0; ; ) {
    const going = follow && (await isGoing({ client }, log))
    const page = await client.request('runs:log', { ...log, offset, maxBytes: pageBytes })
    if (!page.found && !going) {
      terminal.say(`rundesk: run ${log.runId} has no such log. Logs are kept for the steps that Rundesk itself ran.`)
      return exitCodes.notPossible
    }
    if (terminal.json && page.sizeBytes > mostJsonBytes)
      throw new RundeskError(
        'refused',
        `The log of run ${log.runId} holds ${page.sizeBytes} bytes, which is too much for one JSON document. Ask for it without --json.`,
      )
    if (terminal.json) parts.push(page.text)
    else terminal.write(page.text)
    const advanced = page.nextOffset > offset
    offset = page.nextOffset
    if (advanced && offset < page.sizeBytes) continue
    if (!going) break
    await sleep(pollMs)
  }
  if (terminal.json) terminal.answer({ log: parts.join('') }, () => '')
  return exitCodes.done
}

async function isGoing({ client }: Pick<CommandContext, 'client'>, { workspaceId, runId }: LogRef): Promise<boolean> {
  const { run } = await client.request('runs:get', { workspaceId, runId, outputs: 'none' })
  return run.liveness === 'live' || run.liveness === 'unconfirmed'
}

/** Tells every line that holds the text, up to 500, and how often it occurs in all. */
async function searchLog(
  { client, terminal }: CommandContext,
  log: LogRef,
  { query, regex, stream }: Pick<LogOptions, 'regex' | 'stream'> & { readonly query: string },
): Promise<number> {
  const hits = await client.request('runs:logSearch', { ...log, query, regex, stream, caseSensitive: true })
  if (!hits.found) {
    terminal.say(`rundesk: run ${log.runId} has no such log. Logs are kept for the steps that Rundesk itself ran.`)
    return exitCodes.notPossible
  }
  terminal.answer(hits, () => hits.first.map(({ line, text }) => `${line}: ${oneLine(text, 400)}`).join('\n'))
  terminal.say(countText(hits))
  return exitCodes.done
}

function countText({ hits, first, truncated, firstErrorLine }: LogHits): string {
  const shown = first.length < hits ? `, the first ${first.length} shown` : ''
  const least = truncated ? 'at least ' : ''
  const error = firstErrorLine === null ? '' : `; the first error is in line ${firstErrorLine}`
  return `${least}${hits} ${hits === 1 ? 'hit' : 'hits'}${shown}${error}`
}

/** `rundesk state RUN --step STEP`: the run's state before and after a step. */
export async function state(
  { client, terminal }: CommandContext,
  run: string,
  { step }: GlobalOptions & { readonly step: string },
): Promise<number> {
  const at = await client.request('runs:find', { runId: run })
  const { run: detail } = await client.request('runs:get', { ...at, outputs: 'none' })
  const found = detail.steps.find(({ name }) => name === step)
  if (!found) {
    terminal.say(`rundesk: run ${at.runId} has no step ${JSON.stringify(step)}`)
    return exitCodes.notPossible
  }
  const around = await client.request('runs:stepState', { ...at, stepId: found.id })
  terminal.answer(around, () => {
    const { patch, before } = around
    if (!patch) return 'It changed nothing of the state.'
    const set = Object.entries(patch.set).flatMap(([key, value]) => [
      ...(Object.hasOwn(before, key) ? [`- ${key}: ${JSON.stringify(before[key])}`] : []),
      `+ ${key}: ${JSON.stringify(value)}`,
    ])
    return [...set, ...patch.unset.map((key) => `- ${key}: ${JSON.stringify(before[key])}`)].map(printable).join('\n')
  })
  return exitCodes.done
}
