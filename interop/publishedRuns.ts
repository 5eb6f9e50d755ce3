import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { PublishedPackage } from './publishedPackages'

/** How a command of a published package ended, and all that it said. */
export interface PublishedEnd {
  readonly code: number | null
  readonly text: string
}

/** A published runner at work in a folder, as a process. */
export interface PublishedProcess {
  readonly kill: () => void
  readonly ended: Promise<PublishedEnd>
}

/** Starts the command line of a published package in a workspace, with an environment that says nothing of this one. */
export function startPublished(
  { cli }: PublishedPackage,
  { dir, words }: { readonly dir: string; readonly words: readonly string[] },
): PublishedProcess {
  const env = { PATH: process.env.PATH ?? '', HOME: dir, LANG: 'C.UTF-8', NO_COLOR: '1' }
  const child = spawn(process.execPath, [cli, ...words], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  return {
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, text }))
    }),
  }
}

/** Runs `flow.yaml` of a workspace with a published runner, to its end. */
export function runPublished(
  published: PublishedPackage,
  { dir, workflow }: { readonly dir: string; readonly workflow: string },
): Promise<PublishedEnd> {
  return startPublished(published, { dir, words: [join(dir, 'flow.yaml'), '--workflow', workflow] }).ended
}

/** Resumes a run of a workspace with a published runner, to its end. */
export function resumePublished(
  published: PublishedPackage,
  { dir, runId }: { readonly dir: string; readonly runId: string },
): Promise<PublishedEnd> {
  return startPublished(published, { dir, words: ['--resume', runId] }).ended
}
