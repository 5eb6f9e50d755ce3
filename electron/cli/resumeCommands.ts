import type { ResumePlan } from '../../shared/runs'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { foreground } from './runCommands'
import { oneLine, printable, toTable } from './terminal'

interface ResumeOptions extends GlobalOptions {
  readonly from?: string
  readonly file: boolean
  readonly new: boolean
  readonly plan: boolean
  readonly published: boolean
  readonly force: boolean
}

/** `rundesk resume RUN`: says what will run before it does. */
export async function resume(context: CommandContext, run: string, options: ResumeOptions): Promise<number> {
  const { client, terminal } = context
  const at = await client.request('runs:find', { runId: run })
  const choice = {
    ...at,
    ...(options.from === undefined ? {} : { from: options.from }),
    workflow: options.file ? 'file' : 'stored',
    asNewRun: options.new,
  } as const
  const plan = await client.request('runs:plan', choice)
  if (options.plan) {
    terminal.answer(plan, () => planText(plan))
    return plan.refused === null ? exitCodes.done : exitCodes.notPossible
  }
  if (plan.refused === null) {
    terminal.say(planText(plan))
    if (plan.file?.changed && !options.file)
      terminal.say(`The workflow file changed since (${printable(plan.file.path)}). --file runs it as it is now.`)
  }
  const resumed = await client.request('runs:resume', {
    ...choice,
    confirmed: options.force,
    published: options.published,
  })
  return foreground(context, resumed.run)
}

function planText({ steps, refused, question, file }: ResumePlan): string {
  const lines: string[] = []
  if (refused !== null) lines.push(`Not possible: ${printable(refused)}`)
  if (question !== null) lines.push(`${printable(question)} (--force says yes)`)
  if (steps.length > 0)
    lines.push(toTable(steps.map(({ name, will, reason }) => [`  ${will}`, oneLine(name, 60), reason])))
  if (file?.trouble) lines.push(`The workflow file cannot be run now: ${printable(file.trouble)}`)
  if (file && file.diff.length > 0) lines.push(`${printable(file.path)} changed:`, ...file.diff.map(diffLine))
  return lines.join('\n')
}

function diffLine({ kind, text }: NonNullable<ResumePlan['file']>['diff'][number]): string {
  const marks = { same: '  ', add: '+ ', remove: '- ', gap: '…' } as const
  return `  ${marks[kind]}${printable(text)}`
}
