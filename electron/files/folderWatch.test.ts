import { appendFileSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from './eventually.testkit'
import { createFolderWatch, type FolderWatch } from './folderWatch'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

interface Watched {
  readonly dir: string
  readonly file: string
  readonly watch: FolderWatch
  /** Was anything told since this was asked last? */
  readonly wasTold: () => boolean
}

async function makeWatched(): Promise<Watched> {
  const dir = await makeTemporaryFolder()
  const inner = join(dir, 'inner')
  const file = join(inner, 'lines')
  let told = false
  const watch = createFolderWatch({
    folders: [
      { path: dir, names: ['inner'] },
      { path: inner, names: ['lines'] },
    ],
    file,
    onTold: () => {
      told = true
    },
  })
  onTestFinished(watch.close)
  const wasTold = (): boolean => {
    const was = told
    told = false
    return was
  }
  return { dir, file, watch, wasTold }
}

const onLinux = test.runIf(process.platform === 'linux')

onLinux('tells of a line in a file that was there', async () => {
  const { dir, file, watch, wasTold } = await makeWatched()
  mkdirSync(join(dir, 'inner'))
  writeFileSync(file, '')
  expect(await watch.renew()).toBe(true)
  appendFileSync(file, 'line\n')
  await eventually('word of the change', wasTold)
})

onLinux('tells of a file in a folder that was not there, once it was told of the folder', async () => {
  const { dir, file, watch, wasTold } = await makeWatched()
  expect(await watch.renew()).toBe(true)
  mkdirSync(join(dir, 'inner'))
  await eventually('word of the change', wasTold)
  await watch.renew()
  writeFileSync(file, 'line\n')
  await eventually('word of the change', wasTold)
})

onLinux('follows a folder that was made anew', async () => {
  const { dir, file, watch, wasTold } = await makeWatched()
  mkdirSync(join(dir, 'inner'))
  await watch.renew()
  rmSync(join(dir, 'inner'), { recursive: true })
  mkdirSync(join(dir, 'inner'))
  await eventually('word of a line in the new folder', async () => {
    await watch.renew()
    wasTold()
    appendFileSync(file, 'line\n')
    return new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(wasTold()))))
  })
})

onLinux('does not claim to be told of a file that is written elsewhere: a symlink', async () => {
  const { dir, file, watch } = await makeWatched()
  mkdirSync(join(dir, 'inner'))
  writeFileSync(join(dir, 'elsewhere'), '')
  symlinkSync(join(dir, 'elsewhere'), file)
  expect(await watch.renew()).toBe(false)
})

onLinux('does not claim to be told of a file that is written elsewhere: a hard link', async () => {
  const { dir, file, watch } = await makeWatched()
  mkdirSync(join(dir, 'inner'))
  writeFileSync(join(dir, 'elsewhere'), '')
  linkSync(join(dir, 'elsewhere'), file)
  expect(await watch.renew()).toBe(false)
})

test('does not claim to be told while the first folder is missing', async () => {
  const { dir, watch } = await makeWatched()
  rmSync(dir, { recursive: true })
  expect(await watch.renew()).toBe(false)
})

test('does not claim to be told once it is closed', async () => {
  const { watch } = await makeWatched()
  watch.close()
  expect(await watch.renew()).toBe(false)
})
