import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

/** A workspace with these files, by their relative path. Gives its folder. */
export async function makeWorkspace(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await makeTemporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
  return dir
}

/** The text of a workflow file with these steps, which begin at line 7, or later by the lines of `head`. */
export function workflowText(steps: string, head = ''): string {
  const indented = steps.trimEnd().replace(/^/gm, '      ')
  const top = `version: "1.0"\nname: flow\nswarm: { pattern: dag }\n${head === '' ? '' : `${head}\n`}`
  return `${top}workflows:\n  - name: main\n    steps:\n${indented}\n`
}
