import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { writeFileAtomic } from '../files/atomicWrite'
import { exitCodes } from './exitCodes'
import type { CommandContext } from './runCli'
import { printable } from './terminal'

/**
 * `rundesk doctor --bundle [FILE]`: prints what the file would hold, asks, and writes it for the user alone. With `--yes`
 * nobody is asked. A file that is there already is not overwritten.
 */
export async function saveBundle(
  { client, terminal }: CommandContext,
  { file, yes }: { readonly file: string | null; readonly yes: boolean },
): Promise<number> {
  const { text, name } = await client.request('diagnostics:get', {})
  const path = resolve(file ?? name)
  if (await stat(path).catch(() => undefined))
    throw new RundeskError('refused', `${path} is there already, so nothing was written. Name another file.`)
  const saves = yes || (!terminal.json && (await asked(text, path)))
  if (saves) await write(path, text)
  terminal.answer({ saved: saves ? path : null, bundle: JSON.parse(text) }, () =>
    yes ? printable(text.trimEnd()) : '',
  )
  terminal.say(saves ? `Saved for you alone: ${path}` : 'Nothing was saved. Add --yes to save it without a question.')
  return saves ? exitCodes.done : exitCodes.notPossible
}

/** Shows the text and asks a person; without one the answer is no. */
async function asked(text: string, path: string): Promise<boolean> {
  process.stdout.write(printable(text))
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const closed = new Promise<string>((done) => lines.once('close', () => done('')))
    const answer = await Promise.race([lines.question(`Save this as ${printable(path)}? [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text, { mode: 0o600 })
  } catch (error) {
    throw new RundeskError('usage', `${path} cannot be written (${causeOf(error)}).`, { cause: error })
  }
}
