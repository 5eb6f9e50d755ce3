import { app, dialog } from 'electron'
import { toFailure } from '../../shared/outcome'

/** Says why the app cannot start, since the page of no window can, and ends it. */
export function cannotStart(error: unknown): void {
  const { code, message } = toFailure(error)
  console.error(code === 'internal' ? error : `rundesk: ${message}`)
  dialog.showMessageBoxSync({
    type: 'error',
    title: 'Rundesk cannot start',
    message: 'Rundesk cannot start',
    detail: message,
    buttons: ['&Close'],
    normalizeAccessKeys: true,
  })
  app.exit(1)
}
