import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { UpdateFeed } from './updateFeed'

const script = fileURLToPath(new URL('../../scripts/signUpdate.mjs', import.meta.url))
const run = promisify(execFile)

/** A pair of keys, as the release script makes them. */
export interface UpdateKeys {
  readonly publicKey: string
  readonly privateKey: string
}

export async function makeUpdateKeys(): Promise<UpdateKeys> {
  const { stdout } = await run(process.execPath, [script, '--new-key'])
  const entry = (name: string): string => new RegExp(`${name}=(.*)`).exec(stdout)?.[1] ?? ''
  return { publicKey: entry('RUNDESK_UPDATE_PUBLIC_KEY'), privateKey: entry('RUNDESK_UPDATE_PRIVATE_KEY') }
}

/** A release in a folder: a package that is a small program, its manifest as electron-builder writes it, and its signature. */
export async function makeRelease(
  dir: string,
  { version, program, privateKey }: { readonly version: string; readonly program: string; readonly privateKey: string },
): Promise<string> {
  const name = `Rundesk-${version}.AppImage`
  // Of some size, so that it comes in several parts.
  const bytes = Buffer.from(`#!/bin/sh\n${program}\nexit 0\n${randomBytes(1024 * 1024).toString('base64')}\n`)
  await writeFile(join(dir, name), bytes)
  const sha512 = createHash('sha512').update(bytes).digest('base64')
  const files = [{ url: name, sha512, size: bytes.length }]
  const manifest = { version, files, path: name, sha512, releaseDate: '2026-11-22T10:00:00.000Z' }
  await writeFile(join(dir, 'latest-linux.yml'), stringify(manifest))
  await run(process.execPath, [script, dir], { env: { ...process.env, RUNDESK_UPDATE_PRIVATE_KEY: privateKey } })
  return name
}

/** A server of updates on this machine. */
export interface UpdateServer {
  readonly feed: UpdateFeed
  /** What was asked for, in order. */
  readonly asked: () => readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** Files whose name holds this text are never answered; with `…` they stop in the middle, with `∞` they never end. Null: all are. */
  readonly hang: (name: string | null) => void
  readonly close: () => Promise<void>
}

/** Sends the same bytes for as long as they are taken. */
function pour(response: ServerResponse, bytes: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(bytes));
  }
  response.on('drain', more).on('close', () => response.off('drain', more))
  more()
}

/** Serves a folder over HTTP on 127.0.0.1. */
export async function serveUpdates(dir: string, publicKey: string): Promise<UpdateServer> {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = []
  let hanging: string | null = null
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
    asked.push({ path, headers: request.headers })
    readFile(join(dir, path)).then(
      (bytes) => {
        if (hanging !== null && path.includes(hanging.replace(/[…∞]/, ''))) {
          if (hanging.endsWith('∞')) return pour(response, bytes)
          if (!hanging.endsWith('…')) return
          response.writeHead(200, { 'Content-Length': bytes.length })
          response.write(bytes.subarray(0, bytes.length / 2))
          return
        }
        response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes)
      },
      () => response.writeHead(404).end('no such file'),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    feed: { url, publicKey, page: `${url}/download` },
    asked: () => asked,
    hang: (name) => {
      hanging = name
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
