import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A line between two ports of this machine that can be slow, silent or broken. */
export interface TcpProxy {
  readonly port: number
  /** Holds back each piece of data for so long, in both directions. */
  readonly delay: (ms: number) => void
  /** From now on nothing passes, and nobody is told: connections stay open. */
  readonly stall: () => void
  /** Lets everything pass again, also what was held back. */
  readonly flow: () => void
  /** Breaks the connections that there are. New ones pass. */
  readonly cut: () => void
  /** How many connections were made so far. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Listens on a free port of 127.0.0.1 and passes everything to the port `to` of 127.0.0.1. */
export async function startTcpProxy({ to }: { readonly to: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let delayMs = 0
  let made = 0
  let open = Promise.resolve()
  let release = (): void => undefined

  const pass = (from: Socket, into: Socket): void => {
    let last = Promise.resolve()
    from.on('data', (chunk) => {
      last = last.then(async () => {
        if (delayMs > 0) await sleep(delayMs)
        await open
        if (!into.destroyed) into.write(chunk)
      })
    })
    from.on('error', () => into.destroy())
    from.on('close', () => {
      sockets.delete(from)
      void last.then(() => into.destroy())
    })
  }
  const server = createServer((near) => {
    made++
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket)
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.')

  const flow = (): void => {
    delayMs = 0
    release()
  }
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    delay: (ms) => {
      delayMs = ms
    },
    stall: () => {
      open = new Promise((resolve) => {
        release = resolve
      })
    },
    flow,
    cut,
    connections: () => made,
    close: async () => {
      flow()
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
