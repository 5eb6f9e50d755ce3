import type { TrajectoryPlace } from '../../shared/trajectories'

/** What a file of a trajectories folder is by its name; null: nothing of ours. Paths are relative, with `/`. */
export type FileRole = 'trajectory' | 'marker' | null

const markerSuffix = '.compaction.json'

/** Tells by its name what a file is. Source: docs/formats-trajectories.md, "Layouts". */
export function roleOf(path: string): FileRole {
  const name = nameOf(path)
  if (name.startsWith('.') || !name.endsWith('.json')) return null
  if (name === 'compaction.json' || name.endsWith(markerSuffix)) return 'marker'
  if (name === 'index.json' || name.endsWith('.trace.json')) return null
  return 'trajectory'
}

/** The id that a file's name tells: that of its folder for `trajectory.json` and `compaction.json`. */
export function fileIdOf(path: string): string {
  const name = nameOf(path)
  if (name === 'trajectory.json' || name === 'compaction.json') return nameOf(folderOf(path)) || name
  return name.slice(0, name.endsWith(markerSuffix) ? -markerSuffix.length : -'.json'.length)
}

/** In which part of the folder a file lies. */
export function placeOf(path: string): TrajectoryPlace {
  switch (path.slice(0, Math.max(0, path.indexOf('/')))) {
    case 'active':
      return 'active'
    case 'completed':
      return 'completed'
    case 'compacted':
      return 'compacted'
    case 'invalid':
      return 'invalid'
    case 'quarantine':
      return 'quarantine'
    default:
      return 'elsewhere'
  }
}

/** Must a file there be a trajectory, so that one that is none is a problem? Elsewhere anything may lie. */
export function isExpectedThere(path: string): boolean {
  return path.split('/').some((part) => ['active', 'completed', 'compacted', 'invalid'].includes(part))
}

/** The files that belong to a record and go with it, all in its own folder or, for traces, the one above. */
export function companionsOf(path: string): readonly string[] {
  const folder = folderOf(path)
  if (isInOwnFolder(path)) {
    const id = fileIdOf(path)
    const above = folderOf(folder)
    return [`${folder}/summary.md`, `${folder}/compaction.json`, `${above}/${id}.trace.json`]
  }
  const stem = path.slice(0, -'.json'.length)
  return [`${stem}.md`, `${stem}.trace.json`, `${stem}${markerSuffix}`]
}

/** The markdown that is written beside a finished record. */
export function markdownOf(path: string): string {
  return isInOwnFolder(path) ? `${folderOf(path)}/summary.md` : `${path.slice(0, -'.json'.length)}.md`
}

/** Has the record a folder of its own (`<id>/trajectory.json`)? */
export function isInOwnFolder(path: string): boolean {
  return nameOf(path) === 'trajectory.json' && path.includes('/')
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The month folder of a time, `YYYY-MM` in this machine's time zone, as the other tools have it. */
export function monthOf(at: Date): string {
  return `${String(at.getFullYear()).padStart(4, '0')}-${String(at.getMonth() + 1).padStart(2, '0')}`
}
