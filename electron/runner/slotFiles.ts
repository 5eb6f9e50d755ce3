import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { withFileLock } from '../files/fileLock'
import { makePrivateFolder } from '../files/privateFolder'
import { isIdentityAlive, ownIdentity } from '../files/processIdentity'

const fileSchema = z.object({
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
  held: z.number().int().min(0),
  waits: z.boolean(),
})

/** How many places the other living processes of this machine hold, and how many of them wait for more. */
export interface OtherSlots {
  readonly held: number
  readonly waiting: number
}

/** The file of this process among those that share a machine's places: one for each process, named by nobody else. */
export interface SlotFile {
  readonly name: string
  /** Decides under the lock of all, from what the others hold, what this process holds from now on. */
  readonly decide: (choose: (others: OtherSlots) => { readonly held: number; readonly waits: boolean }) => Promise<void>
  readonly remove: () => Promise<void>
}

/** Opens the file in `dir`. Files of processes that died are removed when the next one decides. */
export function openSlotFile(dir: string): SlotFile {
  const name = `${process.pid}-${randomBytes(6).toString('hex')}.json`
  const path = join(dir, name)
  let written = JSON.stringify({ held: 0, waits: false })

  const readOthers = async (): Promise<OtherSlots> => {
    let [held, waiting] = [0, 0]
    const { host } = await ownIdentity()
    for (const other of await readdir(dir)) {
      if (other === name || !other.endsWith('.json')) continue
      const file = await readSlots(join(dir, other))
      if (!file || file.host !== host) continue
      if ((await isIdentityAlive(file)) === false) {
        await rm(join(dir, other), { force: true })
        continue
      }
      held += file.held
      if (file.waits) waiting++
    }
    return { held, waiting }
  }

  return {
    name,
    decide: async (choose) => {
      await makePrivateFolder(dir)
      await withFileLock(join(dir, 'slots.lock'), async () => {
        const chosen = choose(await readOthers())
        if (JSON.stringify(chosen) === written) return // Whoever follows the folder has nothing to learn.
        const temporary = `${path}.new`
        await writeFile(temporary, JSON.stringify({ ...(await ownIdentity()), ...chosen }), { mode: 0o600 })
        await rename(temporary, path)
        written = JSON.stringify(chosen)
      })
    },
    remove: () => rm(path, { force: true }),
  }
}

async function readSlots(path: string): Promise<z.infer<typeof fileSchema> | undefined> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}
