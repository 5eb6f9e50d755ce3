import { type BrowserWindow, dialog } from 'electron'
import { mayReload } from './mayReload'

/**
 * Loads a window again when the process of its page crashed, at the place that it showed: all that it had asked of main is
 * done all the same. `tell` gets what the page says when it is there again.
 */
export function recoverWindow(window: BrowserWindow, tell: (message: string) => void): void {
  const crashesMs: number[] = []
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    crashesMs.push(Date.now())
    if (!mayReload(crashesMs) && !(await askToReload(window))) {
      window.destroy()
      return
    }
    if (window.isDestroyed()) return
    tell(
      `The window crashed (${causes[reason] ?? reason}) and was loaded again. Runs and writebacks went on meanwhile.`,
    )
    window.webContents.reload()
  })
}

const causes: Readonly<Record<string, string>> = {
  crashed: 'an error of its process',
  killed: 'its process was killed',
  oom: 'it ran out of memory',
  'abnormal-exit': 'its process ended with an error',
  'launch-failed': 'its process could not be started',
  'integrity-failure': 'its process failed an integrity check',
}

async function askToReload(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Rundesk',
    message: 'The window crashes again and again',
    detail: 'Runs and writebacks go on without it. Load it again, or close it and open Rundesk later.',
    buttons: ['&Load again', '&Close the window'],
    defaultId: 0,
    cancelId: 1,
    normalizeAccessKeys: true,
  })
  return response === 0
}
