import type { Client } from '../../shared/client'
import { actsTexts } from '../texts/en/acts'
import { showToast } from './toasts'
import type { LogChoice } from './useLogLines'

/** So many lines are copied at once. */
const mostCopied = 20_000
const partSize = 2_000

/** Copies the lines of rows, both from 0 and both included, and tells how many these were. Throws what main refuses. */
export async function copyLogLines(
  client: Client,
  choice: LogChoice,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const wanted = to - from + 1
  const most = Math.min(wanted, mostCopied)
  const texts: string[] = []
  while (texts.length < most) {
    const count = Math.min(partSize, most - texts.length)
    const { lines } = await client.request('runs:logLines', { ...choice, fromLine: from + texts.length + 1, count })
    if (lines.length === 0) break
    texts.push(...lines.map(({ text }) => text))
  }
  await navigator.clipboard.writeText(texts.join('\n'))
  const of = texts.length < wanted ? ` of ${wanted.toLocaleString('en')}` : ''
  const text = actsTexts.copied(texts.length.toLocaleString('en'), of, wanted === 1 ? actsTexts.line : actsTexts.lines)
  showToast({ tone: 'done', text, action: null })
}
