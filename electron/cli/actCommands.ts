import { readFile } from 'node:fs/promises'
import type { ItemOutcome, OperationItem } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { writeFileAtomic } from '../files/atomicWrite'
import { exitCodes } from './exitCodes'
import { answerOperation, operationItems } from './operationAnswer'
import { underInterrupt } from './retryCommand'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, toTable } from './terminal'
import { allItems } from './writebackCommands'

/** `rundesk dismiss KEY…` */
export async function dismiss(
  context: CommandContext,
  keys: readonly string[],
  options: GlobalOptions & { readonly reason?: string; readonly group?: string; readonly plan: boolean },
): Promise<number> {
  const { client, terminal } = context
  const chosen = new Set(keys)
  if (options.group !== undefined)
    for (const { key, groupKey } of (await allItems(client)).items) if (groupKey === options.group) chosen.add(key)
  if (chosen.size === 0) {
    if (options.group === undefined)
      terminal.say('rundesk: nothing to dismiss: name keys or --group (list them with: rundesk writebacks)')
    else
      terminal.say(
        `rundesk: nothing has the cause ${JSON.stringify(options.group)} (list them with: rundesk writebacks)`,
      )
    return options.group === undefined ? exitCodes.usage : exitCodes.notPossible
  }
  const preview = await client.request('writebacks:preview', { keys: [...chosen], act: 'dismiss' })
  if (options.plan) {
    const { setId: _set, ...plan } = preview
    terminal.answer(plan, () =>
      toTable(
        preview.items.map(({ key, path, reason }) => [
          key,
          reason === null ? 'dismiss' : 'refused',
          oneLine(path ?? '(no path)', 60),
          oneLine(reason ?? ''),
        ]),
      ),
    )
    return preview.counts.dismiss === 0 ? exitCodes.notPossible : exitCodes.done
  }
  const { operation } = await client.request('writebacks:dismiss', {
    setId: preview.setId,
    reason: options.reason ?? null,
  })
  return answer(context, operation.id, 'dismissed')
}

/** `rundesk restore KEY…` or `--operation ID` */
export async function restore(
  context: CommandContext,
  keys: readonly string[],
  options: GlobalOptions & { readonly operation?: string },
): Promise<number> {
  if (options.operation !== undefined) {
    const { operation } = await context.client.request('operations:undo', { operationId: options.operation })
    return answer(context, operation.id, 'restored')
  }
  if (keys.length === 0) {
    context.terminal.say('rundesk: nothing to restore: name keys or --operation')
    return exitCodes.usage
  }
  const { operation } = await context.client.request('writebacks:restore', { keys: [...keys] })
  return answer(context, operation.id, 'restored')
}

async function answer(context: CommandContext, operationId: string, wanted: ItemOutcome): Promise<number> {
  const done = await operationItems(context, operationId)
  answerOperation(context, done)
  return exitCodeOfMoves(done.items, wanted)
}

/** The exit code of a dismissal, or of a restore. */
export function exitCodeOfMoves(items: readonly OperationItem[], wanted: ItemOutcome): number {
  if (items.some(({ outcome }) => outcome === 'failed')) return exitCodes.failing
  return items.every(({ outcome }) => outcome === wanted) ? exitCodes.done : exitCodes.notPossible
}

/** `rundesk edit KEY --file FILE | --take VERSION` */
export async function edit(
  context: CommandContext,
  key: string,
  options: GlobalOptions & {
    readonly file?: string
    readonly take?: string
    readonly serverRevision?: string
    readonly reason?: string
    readonly wait: number
  },
): Promise<number> {
  const { client } = context
  const takes = (['server', 'local', 'conflict-copy'] as const).find((one) => one === options.take)
  if ((options.file === undefined) === (takes === undefined)) {
    context.terminal.say(
      'rundesk: give new content with --file, or a version with --take server, local or conflict-copy',
    )
    return exitCodes.usage
  }
  const { item } = await client.request('writebacks:get', { key })
  const request = {
    ...{ key, version: item.version, reason: options.reason ?? null },
    ...(options.file === undefined ? {} : { content: await readText(options.file) }),
    ...(takes === undefined ? {} : { take: takes }),
    ...(options.serverRevision === undefined ? {} : { serverRevision: options.serverRevision }),
  }
  return underInterrupt(context, options.wait, async () => (await client.request('writebacks:edit', request)).operation)
}

/** The text byte for byte, a byte order mark included. Throws `usage` for what cannot be read or is no UTF-8. */
async function readText(path: string): Promise<string> {
  const bytes = await readFile(path === '-' ? '/dev/stdin' : path).catch((error: unknown) => {
    throw new RundeskError('usage', `${path} cannot be read (${causeOf(error)}).`, { cause: error })
  })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new RundeskError('usage', `${path} is no UTF-8 text. Only texts can be edited here; nothing was changed.`, {
      cause: error,
    })
  }
}

/** `rundesk compare KEY`: the versions to choose between. */
export async function compare(context: CommandContext, key: string): Promise<number> {
  const versions = await context.client.request('writebacks:compare', { key })
  context.terminal.answer(versions, () =>
    (['base', 'local', 'server', 'conflictCopy'] as const)
      .map((name) => `--- ${name}\n${versions[name] ?? '(none, no text, or larger than 1 MiB)'}`)
      .join('\n'),
  )
  if (versions.serverTrouble !== null) context.terminal.say(`rundesk: ${versions.serverTrouble}`)
  return versions.serverTrouble === null ? exitCodes.done : exitCodes.cannotTell
}

/** `rundesk export [KEY…]` */
export async function exportWritebacks(
  context: CommandContext,
  keys: readonly string[],
  options: GlobalOptions & {
    readonly group?: string
    readonly search?: string
    readonly format?: 'csv' | 'json'
    readonly output?: string
  },
): Promise<number> {
  const filter = {
    workspaceId: null,
    ...(options.group === undefined ? {} : { groupKey: options.group }),
    ...(options.search === undefined ? {} : { search: options.search }),
  }
  const which = keys.length > 0 ? { keys: [...keys] } : { filter }
  const format = options.format ?? (options.json ? 'json' : 'csv')
  const { text, cut } = await context.client.request('writebacks:export', { ...which, format })
  return save(context, { text, cut, output: options.output })
}

/** Writes an export to a file, or to the standard output. */
export async function save(
  { terminal }: CommandContext,
  { text, cut, output }: { readonly text: string; readonly cut: boolean; readonly output: string | undefined },
): Promise<number> {
  if (cut) terminal.say('rundesk: there is more than fits: only the first 100,000 rows are here')
  if (output === undefined) terminal.write(text)
  else await writeOutput(output, text)
  return exitCodes.done
}

async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text, { mode: 0o600 })
  } catch (error) {
    throw new RundeskError('usage', `${path} cannot be written (${causeOf(error)}).`, { cause: error })
  }
}
