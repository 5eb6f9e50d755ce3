import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeWorld } from '../writebacks/deskWorld.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const recorder = fileURLToPath(new URL('recordConnections.testkit.mjs', import.meta.url))

/** Runs a script with the recorder before it, and gives where it tried to connect to. */
async function connectionsOf(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const record = join(await makeTemporaryFolder(), 'connections')
  await writeFile(record, '')
  await new Promise((done) => {
    const all = {
      PATH: process.env.PATH ?? '',
      ...env,
      RECORD_CONNECTIONS: record,
      NODE_OPTIONS: `--import=${recorder}`,
    }
    execFile(process.execPath, [...args], { env: all, timeout: 60_000 }, done)
  })
  const lines = (await readFile(record, 'utf8')).split('\n').filter((line) => line !== '')
  return [...new Set(lines)].sort()
}

test('the recorder sees every way to connect', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const script = join(await makeTemporaryFolder(), 'script.mjs')
  await writeFile(
    script,
    `import http from 'node:http'; import https from 'node:https'; import dgram from 'node:dgram'; import net from 'node:net'
    await fetch('http://127.0.0.1:${port}/a').catch(() => {})
    await new Promise((done) => http.get('http://127.0.0.1:${port}/b', done).on('error', done))
    await new Promise((done) => https.get('https://localhost:${port}/c').on('error', done))
    await new Promise((done) => net.connect(${port}, '127.0.0.2').on('error', done).on('connect', done))
    const udp = dgram.createSocket('udp4'); udp.send('x', ${port}, '127.0.0.1', () => udp.close())`,
  )
  const seen = await connectionsOf([script], {})
  const made = [
    `{"host":"127.0.0.1","port":${port}}`,
    `{"host":"127.0.0.2","port":${port}}`,
    `{"host":"localhost","port":${port}}`,
    '{"lookup":"localhost"}',
    `{"udp":["x",${port},"127.0.0.1"]}`,
  ]
  expect(made.filter((one) => !seen.includes(one))).toEqual([])
})

test('the command line connects to nothing but the server of a mount, and to that only for a retry', async () => {
  const { home, mount, server } = await makeWorld({ items: 2 })
  const script = await bundleScript(main)
  const { port } = new URL(server.url)
  const of = (...args: readonly string[]): Promise<readonly string[]> =>
    connectionsOf([script, ...args, '-w', mount, '--data-dir', join(home, 'data')], { HOME: home })
  const looks = [
    ...['runs', 'writebacks', 'doctor', 'trajectories'].map((one) => [one]),
    ['doctor', '--bundle', join(home, 'bundle.json'), '--yes'],
  ]
  const connected = await Promise.all(looks.map((line) => of(...line)))
  expect(connected.flat()).toEqual([])
  const retried = await of('retry', '--all', '--wait', '1')
  expect(retried.filter((line) => line.includes('port'))).toEqual([`{"host":"127.0.0.1","port":${port}}`])
})
