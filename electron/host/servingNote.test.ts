import { spawn } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { serveOnce } from './servingNote'

const start = async (): Promise<{ readonly url: string }> => ({ url: 'http://127.0.0.1:4000/?token=abc' })

async function notes(dataDir: string): Promise<string[]> {
  return (await readdir(join(dataDir, 'serving'))).filter((name) => name.endsWith('.json'))
}

test('the same workspaces are served once; who tries again is told where', async () => {
  const dataDir = await makeTemporaryFolder()
  const { forget } = await serveOnce({ dataDir, workspaces: ['/a', '/b'], start })
  await expect(serveOnce({ dataDir, workspaces: ['/b', '/a'], start })).rejects.toMatchObject({
    code: 'refused',
    message: `These workspaces are served already, by process ${process.pid}, from ${dataDir}. Open http://127.0.0.1:4000/?token=abc\nor end that one first, or take another --data-dir.`,
  })
  const other = await serveOnce({ dataDir, workspaces: ['/a'], start })
  await other.forget()
  await forget()
  const again = await serveOnce({ dataDir, workspaces: ['/a', '/b'], start })
  expect(await notes(dataDir)).toHaveLength(1)
  await again.forget()
  expect(await notes(dataDir)).toEqual([])
})

test('of two that begin at the same moment one serves', async () => {
  const dataDir = await makeTemporaryFolder()
  const outcomes = await Promise.allSettled([1, 2].map(() => serveOnce({ dataDir, workspaces: [], start })))
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('the address is for its owner alone', async () => {
  const dataDir = await makeTemporaryFolder()
  await serveOnce({ dataDir, workspaces: [], start })
  const [name = ''] = await notes(dataDir)
  const modes = [await stat(join(dataDir, 'serving', name)), await stat(join(dataDir, 'serving'))]
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['600', '700'])
})

test('a note of a process that is gone, or a damaged one, is in nobody’s way', async () => {
  const dataDir = await makeTemporaryFolder()
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((ended) => gone.on('exit', ended))
  await serveOnce({ dataDir, workspaces: [], start })
  const [name = ''] = await notes(dataDir)
  const path = join(dataDir, 'serving', name)
  const note = JSON.parse(await readFile(path, 'utf8'))
  for (const text of [JSON.stringify({ ...note, pid: gone.pid, startTime: 'then' }), '{', '']) {
    await writeFile(path, text)
    expect((await serveOnce({ dataDir, workspaces: [], start })).served.url).toContain('token=')
  }
})
