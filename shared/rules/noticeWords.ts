import type { Notice } from '../notices'
import { troubleWords } from './troubleWords'

const maxBody = 200
const outcomes: Readonly<Record<string, string>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'was cancelled',
  orphaned: 'is orphaned',
  paused: 'is paused and waits for you',
  needs_human: 'needs you',
}

/** What a person is told: a headline, and what is known of it in one line. */
export function noticeWords(
  notice: Pick<Notice, 'kind' | 'count' | 'subject' | 'outcome' | 'message' | 'workspaceName'>,
): { readonly title: string; readonly body: string } {
  const { kind, count, subject, outcome, message, workspaceName } = notice
  switch (kind) {
    case 'writebacks':
      return troubleWords({ count, path: subject, message })
    case 'unsaved':
      return { title: `${workspaceName}: rows are not saved`, body: shorten(message ?? 'The disk refuses them.') }
    case 'update':
      return {
        title: `Rundesk ${subject ?? ''} is ${outcome === 'ready' ? 'ready to install' : 'available'}`,
        body: shorten(message ?? 'See the settings, under Updates.'),
      }
    case 'new-failure':
      return {
        title: `${subject ?? 'A run'} failed in a new way${timesWords(count)}`,
        body: shorten(message ?? 'No error is recorded.'),
      }
    case 'run-ended': {
      const did = outcomes[outcome ?? ''] ?? `is ${outcome ?? 'over'}`
      const title =
        count === 1
          ? `${subject ?? 'A run'} ${did}`
          : `${subject ?? 'Runs'}: ${count.toLocaleString('en')} runs ${plural(did)}`
      return { title, body: shorten(message ?? workspaceName) }
    }
  }
}

function plural(did: string): string {
  return did
    .replace(/^is /, 'are ')
    .replace(/^was /, 'were ')
    .replace(/^needs /, 'need ')
    .replace(' waits ', ' wait ')
}

function timesWords(count: number): string {
  return count === 1 ? '' : `, ${count.toLocaleString('en')} times`
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > maxBody ? `${line.slice(0, maxBody - 1)}…` : line
}
