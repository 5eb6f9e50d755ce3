import type { Output } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { printable } from './terminal'

/** `rundesk compact`: each workspace that has a run store, one after the other; a refusal ends it. */
export async function compact(
  { client, terminal }: CommandContext,
  options: GlobalOptions & { readonly endedBefore?: string; readonly delete: boolean },
): Promise<number> {
  const endedBefore = options.endedBefore === undefined ? null : toTime(options.endedBefore)
  await client.request('runs:list', { limit: 0 })
  const { workspaces } = await client.request('workspaces:list', {})
  const stores = workspaces.filter(({ hasStore, trouble }) => hasStore && trouble === null)
  const compacted: (Output<'runs:compact'> & { readonly workspace: string })[] = []
  for (const { id, path } of stores) {
    const done = await client.request('runs:compact', { workspaceId: id, endedBefore, archive: !options.delete })
    compacted.push({ workspace: path, ...done })
  }
  terminal.answer({ compacted }, () =>
    compacted.length === 0
      ? 'There is no run store to compact.'
      : compacted
          .map(({ workspace, bytesBefore, bytesAfter, removedRuns, copy, archive }) => {
            const sizes = `${bytesBefore.toLocaleString('en')} to ${bytesAfter.toLocaleString('en')} bytes`
            const removed =
              removedRuns === 0 ? '' : `, ${removedRuns} runs ${archive ? `archived in ${archive}` : 'deleted'}`
            return printable(`${workspace}: ${sizes}${removed}. The file as it was: ${copy}`)
          })
          .join('\n'),
  )
  return exitCodes.done
}

/** An ISO time, a day, or how long ago: `30d`, `12h`. */
function toTime(text: string): string {
  const ago = /^(\d{1,6})([dh])$/.exec(text)
  const ms = ago ? Date.now() - Number(ago[1]) * (ago[2] === 'd' ? 24 : 1) * 3_600_000 : Date.parse(text)
  if (Number.isNaN(ms)) {
    throw new RundeskError('usage', `${JSON.stringify(text)} is no time. Give a day (2026-11-01) or an age (30d, 12h).`)
  }
  return new Date(ms).toISOString()
}
