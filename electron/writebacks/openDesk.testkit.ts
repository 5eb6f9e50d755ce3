import { onTestFinished } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeDeadLetter } from './mountDesk.testkit'
import { createWritebackDesk, type WritebackDesk } from './writebackDesk'

/** The first page of all that is there. */
export const everything = { workspaceId: null, offset: 0, limit: 100 }

/** A desk of these folders that closes with the test, when each mount was read once. */
export async function openDesk(
  folders: readonly string[],
  { home, dataDir }: { readonly home?: string; readonly dataDir?: string } = {},
): Promise<WritebackDesk> {
  const desk = createWritebackDesk({
    dataDir: dataDir ?? (await makeTemporaryFolder()),
    home: home ?? (await makeTemporaryFolder()),
    operator: 'tester@here',
    readOnly: () => false,
    trashDays: null,
    onChanged: () => undefined,
    onOperationChanged: () => undefined,
  })
  onTestFinished(() => desk.close())
  await desk.setFolders(folders.map((path, index) => ({ workspaceId: `w${index}`, path })))
  return desk
}

/** So many refused writes with their local files; `change` changes their records. */
export function letters(count: number, change: (index: number) => object = () => ({})): Record<string, unknown> {
  const files: Record<string, unknown> = {}
  for (let index = 0; index < count; index++) {
    const opId = `op_${index}`
    files[`.relay/dead-letter/${opId}.json`] = makeDeadLetter({ opId, path: `/linear/${index}.md`, ...change(index) })
    files[`linear/${index}.md`] = 'x'
  }
  return files
}

/** A server's answer with these words. */
export const body = (message: string): string => JSON.stringify({ code: 'validation_failed', message })
