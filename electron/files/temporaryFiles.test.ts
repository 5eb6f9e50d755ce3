import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeScratchFolder } from './temporaryFiles'

test("a dead process's scratch folder is removed when the next one is made, a living one's is not", async () => {
  const living = await makeScratchFolder()
  const dead = living.replace(`-${process.pid}-`, '-999999999-')
  await mkdir(dead)
  await writeFile(join(dead, 'output'), 'secret')
  const next = await makeScratchFolder()
  onTestFinished(async () => {
    for (const folder of [living, next]) await rm(folder, { recursive: true })
  })
  expect([living, dead, next].map((folder) => existsSync(folder))).toEqual([true, false, true])
})
