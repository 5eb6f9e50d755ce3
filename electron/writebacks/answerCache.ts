/** Keeps the last answers as long as nothing that they were made from is another one: pages of one list are asked for one by one. */
export interface AnswerCache<A> {
  /** `state` is compared by identity. */
  readonly get: (question: object, state: readonly unknown[], ask: () => Promise<A>) => Promise<A>
}

const kept = 4

export function createAnswerCache<A>(): AnswerCache<A> {
  let entries: readonly {
    readonly question: string
    readonly state: readonly unknown[]
    readonly answer: Promise<A>
  }[] = []
  return {
    get: (question, state, ask) => {
      const text = JSON.stringify(question)
      const known = entries.find(
        (entry) =>
          entry.question === text &&
          entry.state.length === state.length &&
          entry.state.every((part, at) => part === state[at]),
      )
      if (known) return known.answer
      const answer = ask()
      const others = entries.filter((entry) => entry.question !== text)
      entries = [{ question: text, state, answer }, ...others].slice(0, kept)
      return answer
    },
  }
}
