import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface MountShape {
  readonly items: number
  readonly localFiles: boolean
}

/** Makes a mount in which every item was refused: a record with its sidecar and, where wanted, the local file. Once. */
export function makeMount(folder: string, { items, localFiles }: MountShape): string {
  if (existsSync(folder)) return folder
  const part = `${folder}.part`
  const dead = join(part, '.relay', 'dead-letter')
  mkdirSync(dead, { recursive: true })
  writeFileSync(join(part, '.relay', 'state.json'), JSON.stringify({ workspaceId: 'ws_bench', remoteRoot: '/' }))
  for (let index = 0; index < items; index++) {
    const { opId, path, record, sidecar } = deadLetter(index)
    writeFileSync(join(dead, `${opId}.json`), record)
    writeFileSync(join(dead, `${opId}.error.json`), sidecar)
    if (!localFiles) continue
    const file = join(part, path)
    if (index % 100 === 0) mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, `{"title":"Issue ${index}","state":"in review","text":"${'word '.repeat(60)}"}\n`)
  }
  renameSync(part, folder)
  return folder
}

/** One refused write, as a mount's command line leaves it. */
export function deadLetter(index: number): {
  readonly opId: string
  readonly path: string
  readonly record: string
  readonly sidecar: string
} {
  const correlationId = createHash('sha256').update(`${index}`).digest('hex').slice(0, 16)
  const opId = `op_failed_mount_${1_795_218_669_000_000_000n + BigInt(index) * 1_000_000n}`
  const path = `/linear/issues/team-${Math.floor(index / 100)}/AGE-${index}__fix-login-bug.json`
  const status = index % 3 === 0 ? 503 : 422
  const message = `Linear rejected the update: state "Dunno ${index}" does not exist`
  const ts = new Date(Date.UTC(2026, 10, 20) + index * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  const lastBody = JSON.stringify({ code: 'validation_failed', message, correlationId: `mount_${correlationId}` })
  const record = { opId, path, attempts: 1, lastStatus: status, lastBody, ts }
  const sidecar = {
    code: 'provider_4xx',
    message: `writeback failed with HTTP ${status}: ${lastBody}`,
    providerStatus: status,
    providerResponse: { code: 'validation_failed', correlationId: `mount_${correlationId}`, message },
    attempts: 1,
    firstAttemptAt: ts,
    lastAttemptAt: ts,
    opId,
  }
  return {
    opId,
    path,
    record: `${JSON.stringify(record, null, 2)}\n`,
    sidecar: `${JSON.stringify(sidecar, null, 2)}\n`,
  }
}
