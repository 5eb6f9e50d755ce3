import { accessSync, constants, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Debian puts each version into a folder of its own. */
const versions = '/usr/lib/postgresql'

/** The folder of the newest PostgreSQL's programs, or undefined where none is installed. */
function newestBinaries(): string | undefined {
  return named(versions)
    .map(Number)
    .filter((version) => Number.isInteger(version))
    .sort((a, b) => b - a)
    .map((version) => join(versions, String(version), 'bin'))
    .find((folder) => canRun(join(folder, 'initdb')))
}

/**
 * The programs of a real PostgreSQL. Where there is none the tests are left out, and one line says so; with `CI` set that
 * is a failure: `npm test` installs it.
 */
export function postgresBinaries(): string | undefined {
  const found = newestBinaries()
  if (found !== undefined) return found
  const told = `No PostgreSQL was found in ${versions}: apt-get install postgresql`
  if (process.env.CI) throw new Error(told)
  process.stderr.write(`rundesk: the tests with a real PostgreSQL are left out. ${told}\n`)
  return undefined
}

function named(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
