import type { IncomingMessage } from 'node:http'
import type { HttpExecutor } from 'builder-util-runtime'

/** The same executor, which tells of every part of an answer how many bytes it has: electron-updater tells of some only. */
// biome-ignore lint/suspicious/noExplicitAny: the type that electron-updater gives its own
export function hearing<E extends HttpExecutor<any>>(executor: E, onBytes: (bytes: number) => void): E {
  const heard: E = Object.create(executor)
  heard.createRequest = (options, callback) =>
    executor.createRequest(options, (response: IncomingMessage) => {
      response.on('data', (part: Buffer) => onBytes(part.length))
      callback(response)
    })
  return heard
}
