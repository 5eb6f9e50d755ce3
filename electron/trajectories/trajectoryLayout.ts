import { opendir, readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { statOf } from '../files/boundedRead'
import { monthOf, roleOf } from './trajectoryPaths'

/** How a folder keeps its records, and whether it has a shared index. */
export interface Layout {
  /** `months`: `completed/2026-02/<id>.json` with a `.md` beside; `folders`: `completed/2026-02/<id>/trajectory.json`. */
  readonly kind: 'months' | 'folders'
  readonly hasIndex: boolean
}

/** The root of the tools that keep no index and delete one that they find. */
const withoutIndex = join('.agentworkforce', 'trajectories')

/**
 * The layout that a folder already has. With an index it is the one of months, which every tool reads; without one, a
 * single record with a folder of its own tells that the tools here make such; an empty folder gets months and an index,
 * unless it is `.agentworkforce/trajectories`, whose tools know no index.
 */
export async function detectLayout(root: string): Promise<Layout> {
  if (await statOf(join(root, 'index.json'))) return { kind: 'months', hasIndex: true }
  const content = await contentOf(root)
  if (content === 'folders') return { kind: 'folders', hasIndex: false }
  const isNewRoot = root.endsWith(sep + withoutIndex)
  return { kind: isNewRoot && content === 'empty' ? 'folders' : 'months', hasIndex: !isNewRoot }
}

async function contentOf(root: string): Promise<'empty' | 'months' | 'folders'> {
  const completed = join(root, 'completed')
  const months = (await readdir(completed).catch(() => [])).filter((name) => /^\d{4}-\d{2}$/.test(name)).sort()
  let content: 'empty' | 'months' = 'empty'
  for (const folder of [...months.reverse().map((month) => join(completed, month)), join(root, 'active'), completed]) {
    const found = await lookInto(folder)
    if (found === 'folders') return 'folders'
    if (found === 'months') content = 'months'
  }
  return content
}

/** Looks for one record with a folder of its own, without listing a large folder whole. */
async function lookInto(folder: string): Promise<'empty' | 'months' | 'folders'> {
  let content: 'empty' | 'months' = 'empty'
  const entries = await opendir(folder, { bufferSize: 256 }).catch(() => [])
  for await (const entry of entries) {
    if (entry.isDirectory() && (await statOf(join(folder, entry.name, 'trajectory.json')))) return 'folders'
    if (entry.isFile() && roleOf(entry.name) === 'trajectory') content = 'months'
  }
  return content
}

/** Where a record belongs, relative to the root. */
export function pathFor(
  { kind }: Layout,
  { id, status, at }: { readonly id: string; readonly status: string; readonly at: string },
): string {
  const file = kind === 'folders' ? `${id}/trajectory.json` : `${id}.json`
  return status === 'active' ? `active/${file}` : `completed/${monthOf(new Date(at))}/${file}`
}

/** How far back before its start and after today a record can lie, in days: other tools take the month of their own time zone. */
const zoneDays = 2
const dayMs = 86_400_000
const mostMonths = 240

/**
 * Every path at which a record can lie that started at `startedAt`, in any layout: what it costs to look does not depend
 * on how many records there are.
 */
export function possiblePaths(id: string, startedAt: string): readonly string[] {
  const forms = [`${id}.json`, `${id}/trajectory.json`]
  const folders = ['active', 'completed', ...monthsSince(startedAt).map((month) => `completed/${month}`)]
  return folders.flatMap((folder) => forms.map((form) => `${folder}/${form}`))
}

function monthsSince(startedAt: string): readonly string[] {
  const nowMs = Date.now()
  const startMs = Number.isNaN(Date.parse(startedAt)) ? nowMs : Date.parse(startedAt)
  const from = new Date(Math.min(startMs, nowMs) - zoneDays * dayMs)
  const last = monthOf(new Date(Math.max(startMs, nowMs) + zoneDays * dayMs))
  const months: string[] = []
  for (let offset = 0; offset < mostMonths; offset++) {
    const month = monthOf(new Date(from.getFullYear(), from.getMonth() + offset, 1))
    months.push(month)
    if (month >= last) break
  }
  return months
}
