import { stat } from 'node:fs/promises'
import type { Handlers } from '../../shared/contract'
import { isLink, parseLink } from '../../shared/links'
import { RundeskError } from '../../shared/outcome'
import type { Workspaces } from './workspaces'

type PlaceHandlers = Pick<
  Handlers,
  'places:open' | 'places:choose' | 'places:notices' | 'windows:open' | 'windows:remember'
>

/** The handlers about places to go to. A shell with several windows answers `windows:*` itself. */
export function createPlaceHandlers({
  workspaces,
  chooseFile,
  takeNotices,
  onListChanged,
}: {
  readonly workspaces: Workspaces
  /** Opens the system's file dialog; null where there is none. */
  readonly chooseFile: (() => Promise<string | null>) | null
  /** Gives what was not told yet of what went wrong when the app started. */
  readonly takeNotices: () => readonly string[]
  readonly onListChanged: () => Promise<void>
}): PlaceHandlers {
  const open = async (target: string): Promise<{ hash: string }> => {
    if (isLink(target)) return { hash: parseLink(target) }
    const isFolder = await stat(target).then(
      (found) => found.isDirectory(),
      () => true, // The words for a folder that is not there fit.
    )
    const { folder } = isFolder ? await workspaces.add(target) : await workspaces.addFile(target)
    await onListChanged()
    return { hash: `#/w/${folder.id}/runs` }
  }
  const oneWindow = async (): Promise<never> => {
    throw new RundeskError('not_supported', 'Windows are opened and remembered by the browser here.')
  }
  return {
    'places:open': ({ target }) => open(target),
    'places:choose': async () => {
      if (!chooseFile)
        throw new RundeskError('not_supported', 'There is no file dialog here. Name the file in: rundesk open FILE')
      const path = await chooseFile()
      return { hash: path === null ? null : (await open(path)).hash }
    },
    'places:notices': async () => ({ notices: [...takeNotices()] }),
    'windows:open': oneWindow,
    'windows:remember': oneWindow,
  }
}
