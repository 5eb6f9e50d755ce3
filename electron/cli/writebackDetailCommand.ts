import type { WritebackAttempt, WritebackDetail } from '../../shared/writebacks'
import { exitCodes } from './exitCodes'
import type { CommandContext } from './runCli'
import { oneLine, printable, toTable } from './terminal'

/** `rundesk writeback KEY`: everything known of one writeback, without the content of any file. */
export async function writeback({ client, terminal }: CommandContext, key: string): Promise<number> {
  const detail = await client.request('writebacks:get', { key })
  terminal.answer(detail, () => detailText(detail))
  return exitCodes.done
}

function detailText({ item, localFile, outbox, records, attempts, commands }: WritebackDetail): string {
  const { key, path, mount, state, message, lastStatus, retry } = item
  const blocks = [
    [
      `${printable(path ?? '(no path)')}  ${key}  ${state}`,
      `in ${printable(mount)}`,
      ...(message === null ? [] : [`${lastStatus === null ? '' : `HTTP ${lastStatus}: `}${printable(message)}`]),
      ...(retry.kind === 'refused' ? [`cannot be retried: ${printable(retry.reason)}`] : []),
      `would be sent: ${sentNow(localFile)}`,
    ],
    ['tries, oldest first:', toTable(attempts.map(attemptCells))],
    ['records:', ...outbox.map(({ folder, file }) => `  outbox/${folder}/${oneLine(file, 200)}`)].concat(
      records.map(({ file }) => `  dead-letter/${oneLine(file, 200)}`),
    ),
    ['to type:', ...commands.map(({ text }) => `  ${printable(text)}`)],
  ]
  return blocks
    .filter((block) => block.length > 1 && block[1] !== '')
    .map((block) => block.join('\n'))
    .join('\n\n')
}

function sentNow(localFile: WritebackDetail['localFile']): string {
  if (!localFile?.exists) return 'nothing, the local file is gone'
  const { path, sizeBytes, sha256 } = localFile
  return `${printable(path)}${sizeBytes === null ? '' : `, ${sizeBytes} bytes`}${sha256 === null ? '' : `, sha256 ${sha256}`}`
}

function attemptCells({ at, source, outcome, status, message, opId }: WritebackAttempt): readonly string[] {
  return [
    `  ${at ?? '(no time)'}`,
    source,
    outcome,
    String(status ?? ''),
    oneLine(opId ?? '', 60),
    oneLine(message ?? ''),
  ]
}
