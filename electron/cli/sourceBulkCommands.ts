import type { Output } from '../../shared/contract'
import type { SourceBulkAct, SourceBulkPreview, SourceOperation } from '../../shared/sourceBulk'
import { onInterrupt } from '../api/interrupts'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { findSourceRun, type SourceContext, type SourceListOptions, sourceAskOf } from './sourceOptions'
import { oneLine, toTable } from './terminal'

const pageLength = 500

export interface BulkOptions extends GlobalOptions, SourceListOptions {
  readonly plan: boolean
  readonly force: boolean
  readonly reason?: string
}

/** `rundesk bulk resume|cancel [RUN…] --source NAME`: freezes the runs, acts on exactly those, and tells of each. */
export async function sourceBulk(
  context: SourceContext,
  act: string,
  wanted: readonly string[],
  options: BulkOptions,
): Promise<number> {
  const { client, terminal, source } = context
  if (act !== 'resume' && act !== 'cancel') {
    terminal.say('rundesk: use bulk resume or bulk cancel')
    return exitCodes.usage
  }
  const isNarrowed = options.view !== undefined || options.status !== undefined
  if (wanted.length > 0 === isNarrowed) {
    terminal.say('rundesk: name the runs, or all of them by --view or --status')
    return exitCodes.usage
  }
  const runIds: string[] = []
  for (const run of wanted) runIds.push(await findSourceRun(context, run))
  const target: { readonly sourceId: string; readonly act: SourceBulkAct } = { sourceId: source.id, act }
  const preview = await client.request('sources:previewBulk', {
    ...target,
    ...(wanted.length > 0 ? { runIds } : { ask: sourceAskOf(options) }),
  })
  if (preview.more)
    terminal.say(`rundesk: there are more runs than one act can hold: only the newest ${preview.total} are in it`)
  if (options.plan) {
    const { setId: _set, ...plan } = preview
    terminal.answer(plan, () => previewText(preview))
    return preview.ways.refused === preview.total ? exitCodes.notPossible : exitCodes.done
  }
  const { operation } = await client.request('sources:bulk', {
    setId: preview.setId,
    confirmed: options.force,
    reason: options.reason ?? null,
  })
  return follow(context, operation.id)
}

function previewText({ items, total, ways, cut }: SourceBulkPreview): string {
  const rows = items.map(({ runId, way, workflowName, status, reason }) => [
    oneLine(runId, 60),
    way,
    status,
    oneLine(workflowName, 40),
    oneLine(reason ?? ''),
  ])
  const rest = cut ? `\n… and ${total - items.length} more` : ''
  return `${toTable(rows)}${rest}\n${ways.act} of ${total} at once, ${ways.confirm} with --force, ${ways.refused} not at all; nothing was done.`
}

/** Waits for an act that this process does, and answers with what became of each run; an interrupt ends it in order. */
export async function follow(context: CommandContext, operationId: string): Promise<number> {
  const { client, terminal } = context
  const stopListening = onInterrupt({
    act: () => {
      terminal.say('rundesk: ending the operation …')
      client.request('sources:stopOperation', { operationId }).catch(() => undefined)
    },
    sayAtOnce: () => terminal.say(`rundesk: ended at once. What was done by then: rundesk sources show ${operationId}`),
  })
  try {
    await client.request('sources:settled', { operationId })
  } finally {
    stopListening()
  }
  return answerSourceOperation(context, operationId)
}

/** Tells of an act with each of its runs. */
export async function answerSourceOperation(
  { client, terminal }: CommandContext,
  operationId: string,
): Promise<number> {
  const items: Output<'sources:operation'>['items'] = []
  for (;;) {
    const page = await client.request('sources:operation', { operationId, offset: items.length, limit: pageLength })
    items.push(...page.items)
    if (items.length < page.itemsTotal && page.items.length > 0) continue
    const { operation } = page
    terminal.answer({ operation, items }, () =>
      [
        operationLine(operation),
        toTable(
          items.map(({ runId, outcome, workflowName, detail }) => [
            ...[
              `  ${oneLine(runId, 60)}`,
              outcome ?? 'nothing known yet',
              oneLine(workflowName, 40),
              oneLine(detail ?? ''),
            ],
          ]),
        ),
      ].join('\n'),
    )
    const { failed, unconfirmed, done } = operation.counts
    if (operation.state === 'interrupted' || unconfirmed > 0) return exitCodes.cannotTell
    if (failed > 0) return exitCodes.failing
    return done === operation.total ? exitCodes.done : exitCodes.notPossible
  }
}

/** One line for an act on many runs. */
export function operationLine({
  id,
  act,
  sourceName,
  state,
  startedAt,
  by,
  total,
  counts,
  stopped,
}: SourceOperation): string {
  const came = Object.entries(counts).flatMap(([outcome, count]) => (count > 0 ? [`${count} ${outcome}`] : []))
  return `${id}  ${act}  ${oneLine(sourceName, 40)}  ${state}  ${startedAt}  ${oneLine(by, 40)}  ${total} runs: ${came.join(', ') || 'nothing yet'}${stopped === null ? '' : `. ${stopped}`}`
}
