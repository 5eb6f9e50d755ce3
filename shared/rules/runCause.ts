import { normaliseMessage } from './errorClass'

const exitCode = /\bexit code (\d+)/gi

/**
 * What a run failed of, with what differs from run to run taken out, so that equal failures have equal words: numbers,
 * ids, times, paths, quoted texts (as for writebacks). Exit codes stay, because they tell failures apart.
 */
export function causeWords(error: string): string {
  const codes = [...error.matchAll(exitCode)].map(([, code]) => code ?? '')
  let next = 0
  return normaliseMessage(error).replace(/\bexit code <n>/gi, (words) => {
    const code = codes[next++]
    return code === undefined ? words : words.replace('<n>', code)
  })
}
