import type { SourcePhase, SourceRun } from '../../shared/sourceRuns'
import type { Source } from '../../shared/sources'
import { sourcesTexts } from './en/sources'
import type { StatusWord } from './words'

const looks: Readonly<Record<SourcePhase, Omit<StatusWord, 'word'>>> = {
  waiting: { shape: 'ring', tone: 'waiting' },
  running: { shape: 'ring', tone: 'running' },
  paused: { shape: 'pause', tone: 'waiting' },
  completed: { shape: 'check', tone: 'completed' },
  failed: { shape: 'cross', tone: 'failed' },
  cancelled: { shape: 'slash', tone: 'cancelled' },
  'dead-lettered': { shape: 'question', tone: 'orphaned' },
  unknown: { shape: 'question', tone: 'cancelled' },
}

/** The engine's own words that say less than they mean, as a person says them. */
const engineWords: Readonly<Record<string, string>> = {
  PENDING: sourcesTexts.mayBeRunning,
  ENQUEUED: sourcesTexts.enqueued,
  DELAYED: sourcesTexts.delayed,
  SUCCESS: sourcesTexts.succeeded,
  ERROR: sourcesTexts.failed,
  CANCELLED: sourcesTexts.cancelled,
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: sourcesTexts.deadLettered,
}

/** What a status of an engine is called; one that is not known keeps its own word. */
export function engineWord(status: string): string {
  return engineWords[status] ?? status
}

/** The look of the status of a remote run, or of a step of one. */
export function sourceRunWord({ status, phase }: Pick<SourceRun, 'status' | 'phase'>): StatusWord {
  return { ...looks[phase], word: engineWord(status) }
}

/** A wait that has not ended. */
export const waitWord: StatusWord = { ...looks.waiting, word: sourcesTexts.waitsStill }

/** The look of the state of a connection. */
export function sourceStateWord({ kind }: Source['state']): StatusWord {
  switch (kind) {
    case 'ready':
      return { word: sourcesTexts.connected, shape: 'check', tone: 'completed' }
    case 'connecting':
      return { word: sourcesTexts.connecting, shape: 'ring', tone: 'running' }
    case 'trouble':
      return { word: sourcesTexts.notReachable, shape: 'cross', tone: 'failed' }
    case 'unopened':
      return { word: sourcesTexts.notConnectedYet, shape: 'dash', tone: 'cancelled' }
  }
}
