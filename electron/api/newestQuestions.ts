import { RundeskError } from '../../shared/outcome'

interface Going {
  readonly question: string
  readonly replaced: AbortController
  answers: number
}

/** Asks for an asker; see {@link createNewestQuestions}. */
export type AskNewest = <T>(
  /** Undefined: nobody whose next question would replace this one. */
  asker: string | undefined,
  question: string,
  answer: (signal: AbortSignal | undefined) => Promise<T>,
) => Promise<T>

/**
 * Knows what each asker asked last: another question of the same asker replaces it, which aborts the signal that its
 * answer was given. The same question, such as for another page, replaces nothing.
 */
export function createNewestQuestions(): AskNewest {
  const going = new Map<string, Going>()
  return async (asker, question, answer) => {
    if (asker === undefined) return answer(undefined)
    const earlier = going.get(asker)
    const own = earlier?.question === question ? earlier : { question, replaced: new AbortController(), answers: 0 }
    own.answers++
    going.set(asker, own)
    try {
      const answering = answer(own.replaced.signal)
      // Only now: what was found for the earlier one may serve this one.
      if (earlier && earlier !== own) earlier.replaced.abort(replaced())
      return await answering
    } finally {
      own.answers--
      if (own.answers === 0 && going.get(asker) === own) going.delete(asker)
    }
  }
}

function replaced(): RundeskError {
  return new RundeskError('changed', 'Something else was asked meanwhile, so this was not looked for to its end.')
}
