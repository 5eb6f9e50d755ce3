import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { eventually } from '../files/eventually.testkit'
import { type FaultyDisk, makeFaultyDisk } from '../files/faultyDisk.testkit'
import type { StoreLine } from './rows'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

/**
 * A process with a run store on a disk that fills up in the middle of a line, gets room again, and is then read-only.
 * `real`: the folder is a small file system of its own, which this process may mount again. `injected`: calls are refused.
 * Prints what it saw as JSON.
 */
const [dir = '', how = 'injected'] = process.argv.slice(2)
const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
const pageBytes = 4_096
const first = makeRunLine({ status: 'failed' })
const runId = first.row.id
const line = (n: number): StoreLine => makeStepLine({ n, output: `${n}`.repeat(3_000) })

interface Disk {
  /** Leaves room for the rest of the file's last page and one page more. */
  readonly fill: () => void
  readonly free: () => void
  readonly makeReadOnly: () => void
  readonly makeWritable: () => void
}

function realDisk(): Disk {
  const filler = join(dir, 'filler')
  const remount = (option: string): void => void execFileSync('mount', ['-o', `remount,bind,${option}`, dir])
  return {
    fill: () => {
      const fd = openSync(filler, 'w')
      let bytes = 0
      try {
        for (;;) bytes += writeSync(fd, Buffer.alloc(pageBytes))
      } catch {
        closeSync(fd)
      }
      truncateSync(filler, Math.floor(bytes / pageBytes) * pageBytes - pageBytes)
    },
    free: () => rmSync(filler),
    makeReadOnly: () => remount('ro'),
    makeWritable: () => remount('rw'),
  }
}

function injectedDisk(faulty: FaultyDisk): Disk {
  const room = (): number => pageBytes - (statSync(file).size % pageBytes) + pageBytes
  return {
    fill: () => faulty.refuse({ call: 'write', code: 'ENOSPC', room: room() }),
    free: faulty.heal,
    makeReadOnly: () => faulty.refuse({ call: 'open', code: 'EROFS' }),
    makeWritable: faulty.heal,
  }
}

async function openStore(): Promise<{ readonly store: RunStore; readonly told: string[] }> {
  const store = createRunStore({ workspaceDir: dir, watch: true })
  const told: string[] = []
  store.onWriteFailure(({ error }) => told.push('code' in error ? String(error.code) : error.message))
  await store.load()
  return { store, told }
}

const claim = (store: RunStore): Promise<string> =>
  store
    .claim(runId, (record) => (record ? [{ kind: 'run', row: { ...record.run, status: 'running' } }] : []))
    .then(
      () => 'claimed',
      (error: Error) => error.message.replace(/^.*\(/, '('),
    )
const newest = async (store: RunStore): Promise<unknown> => (await store.read(runId))?.steps[0]?.n

async function fillUp(disk: Disk): Promise<object> {
  const { store, told } = await openStore()
  disk.fill()
  await store.append([1, 2, 3, 4].map(line), 'synced')
  const claimed = await claim(store)
  await store.append([line(5)], 'written')
  const full = {
    unsaved: store.degraded()?.unsavedRows,
    told: [...new Set(told)],
    newest: await newest(store),
    claimed,
    status: store.statusOf(runId),
  }
  disk.free()
  await eventually('the rows to be saved', () => store.degraded() === null)
  const later = { claimed: await claim(store), newest: await newest(store) }
  await store.close()
  const text = readFileSync(file, 'utf8')
  const whole = toFile([first, ...[1, 2, 3, 4, 5].map(line), makeRunLine({ status: 'running' })]).split('\n')
  const torn = text.split('\n').filter((one) => !whole.includes(one))
  return {
    full,
    later,
    torn: torn.map((one) => whole.some((other) => other.startsWith(one))),
    rest:
      text
        .split('\n')
        .filter((one) => whole.includes(one))
        .join('\n') === whole.join('\n'),
  }
}

async function makeReadOnly(disk: Disk): Promise<object> {
  disk.makeReadOnly()
  const { store, told } = await openStore()
  await store.append([line(6)], 'synced')
  const readOnly = { unsaved: store.degraded()?.unsavedRows, told: [...new Set(told)], newest: await newest(store) }
  disk.makeWritable()
  await eventually('the row to be saved', () => store.degraded() === null)
  await store.close()
  return { readOnly, saved: readFileSync(file, 'utf8').endsWith(toFile([line(6)])) }
}

mkdirSync(dirname(file))
writeFileSync(file, toFile([first]))
const disk = how === 'real' ? realDisk() : injectedDisk(makeFaultyDisk(dir))
process.stdout.write(JSON.stringify({ ...(await fillUp(disk)), ...(await makeReadOnly(disk)) }))
