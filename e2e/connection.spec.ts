import { appendFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect } from '@playwright/test'
import { runLine, serve, startChromium, test } from './open'

/** A line to a port of this machine, as `ssh -L` makes one, that can be cut and mended. */
async function openLine(port: number, closers: (() => Promise<unknown>)[]) {
  const ends = new Set<Socket>()
  let isCut = false
  const forwarder = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const end of [near, far]) {
      ends.add(end)
      end
        .on('error', () => undefined)
        .on('close', () => {
          ends.delete(end)
          near.destroy()
          far.destroy()
        })
    }
    if (isCut) near.destroy()
    else near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => forwarder.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    isCut = true
    for (const end of ends) end.destroy()
  }
  closers.push(async () => {
    cut()
    forwarder.close()
  })
  return {
    origin: `http://localhost:${(forwarder.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false
    },
  }
}

test('over a line that breaks the page says so, and has all that happened when it is back', async ({
  workspace,
  closers,
}) => {
  const store = `${workspace}/.agent-relay/workflow-runs.jsonl`
  const url = new URL(await serve(['serve', '-w', workspace, '--data-dir', `${workspace}-data`], closers))
  const line = await openLine(Number(url.port), closers)
  const page = await (await startChromium(closers)).newPage()
  await page.goto(`${line.origin}/${url.search}`)
  await appendFile(store, runLine({ workflowName: 'before', status: 'running' }))
  await expect(page.getByRole('option', { name: /before/ })).toBeVisible()
  line.cut()
  await expect(page.getByRole('alert')).toHaveText(/Connection lost\. Reconnecting/)
  await appendFile(
    store,
    runLine({ workflowName: 'before', status: 'failed', error: 'broke' }) +
      runLine({ id: 'b'.repeat(24), workflowName: 'meanwhile' }),
  )
  line.mend()
  await expect(page.getByRole('option', { name: /Completed meanwhile/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /Failed before/ })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await closers.shift()?.()
  await expect(page.getByRole('alert')).toHaveText(/has ended/)
})
