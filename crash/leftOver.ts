import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Aftermath } from './scenario'

/** Complains of files that dead processes left in a folder although others have worked there since. */
export async function leftOver(
  folder: string,
  { freshlyDead, expected }: Pick<Aftermath, 'freshlyDead'> & { readonly expected: readonly string[] },
): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !expected.includes(name))
  const owners = await Promise.all(names.map((name) => ownerOf(folder, name)))
  const old = names.filter((_name, index) => !freshlyDead.includes(owners[index] ?? 0))
  return old.length === 0 ? [] : [`dead processes left ${old.join(', ')}`]
}

/** The process that a temporary file's name, or a lock's content, tells of; 0 when neither does. */
async function ownerOf(folder: string, name: string): Promise<number> {
  const named = /\.tmp-(\d+)-/.exec(name)?.[1]
  if (named !== undefined) return Number(named)
  const text = await readFile(join(folder, name), 'utf8').catch(() => '')
  return Number(/"pid":(\d+)/.exec(text)?.[1] ?? 0)
}
