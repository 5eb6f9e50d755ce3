import { type EndCause, type LastEnd, lossOf } from '../../shared/lastEnd'
import { namesOf } from '../api/endings'
import { oneLine } from './terminal'

/** What became of a process that did not close by itself, in lines for a terminal: the same as the window tells. */
export function lastEndWords(lastEnd: LastEnd): readonly string[] {
  const { face, version, startedAt, cause, unsavedRows } = lastEnd
  const { cutOff, goingOn, isNothing } = lossOf(lastEnd)
  const subject = face === 'window' ? `started at ${startedAt}` : `served to a browser from ${startedAt} on`
  const [firstCutOff] = cutOff
  return [
    `rundesk: the Rundesk ${version} that was ${subject} did not close by itself: ${causeWords(cause)}`,
    ...(isNothing
      ? ['  Nothing was lost: no run of it was cut off, and all that it had told as saved is on the disk.']
      : []),
    ...(firstCutOff
      ? [`  Cut off: ${namesOf(cutOff)}. Go on behind the last finished step: rundesk resume ${firstCutOff.runId}`]
      : []),
    ...(unsavedRows > 0
      ? [`  Not saved, because the disk refused them: ${unsavedRows} ${unsavedRows === 1 ? 'row' : 'rows'}.`]
      : []),
    ...(goingOn.length > 0
      ? [`  Not lost: ${namesOf(goingOn)}, executed by the published runner, which goes on without Rundesk.`]
      : []),
  ]
}

function causeWords(cause: EndCause): string {
  if (cause.kind === 'unknown') return 'it crashed, was killed, or the machine went down.'
  if (cause.kind === 'endedAtOnce')
    return 'it was interrupted twice, and ended at once without waiting for the runs that it had cancelled.'
  return `it had not foreseen an error: ${oneLine(cause.error.split('\n')[0] ?? '')}`
}
