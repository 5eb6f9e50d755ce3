import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { answerRun } from './runCommands'
import { oneLine } from './terminal'

/** `rundesk rollback RUN` */
export async function rollback(
  context: CommandContext,
  run: string,
  options: GlobalOptions & { readonly force: boolean },
): Promise<number> {
  const { client, terminal } = context
  const at = await client.request('runs:find', { runId: run })
  await client.request('runs:rollback', { ...at, confirmed: options.force })
  await client.request('runs:settled', at)
  const { steps } = await answerRun(context, at)
  const begun = steps.flatMap(({ name, rollback: facts }) => (facts ? [{ name, ...facts }] : []))
  for (const { name, status, error } of begun)
    terminal.say(`  ${oneLine(name)}: rollback ${status}${error === null ? '' : `: ${oneLine(error)}`}`)
  return begun.every(({ status }) => status === 'completed') ? exitCodes.done : exitCodes.failing
}
