/** What a person is told of writebacks that begin to need one: how many, and what is wrong with one of them. */
export function troubleWords({
  count,
  path,
  message,
}: {
  readonly count: number
  readonly path: string | null
  readonly message: string | null
}): { readonly title: string; readonly body: string } {
  const title = count === 1 ? 'A writeback needs you' : `${count.toLocaleString('en')} writebacks need you`
  const body = [path ?? 'A record that names no path', ...(message === null ? [] : [message])].join(': ')
  return { title, body: body.length > maxBody ? `${body.slice(0, maxBody - 1)}…` : body }
}

const maxBody = 200
