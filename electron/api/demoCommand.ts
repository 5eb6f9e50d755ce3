import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { scriptPath } from './scriptPath'

const launcher = join(dirname(scriptPath('demo')), '..', '..', 'scripts', 'open.mjs')

/** What a person types to see the demo, who has Rundesk as a packaged `program`, in a checkout, or as a command. */
export function demoCommand(program: string | null): string {
  if (program !== null) return `${program.includes(' ') ? `"${program}"` : program} --demo`
  return existsSync(launcher) ? 'npm run demo' : 'rundesk demo'
}
