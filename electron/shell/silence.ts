import { app } from 'electron'

/**
 * Keeps Chromium from asking servers of its maker by itself: it would fetch dictionaries, whether spelling is checked or not.
 * Must be called before the app is ready.
 */
export function silenceChromium(): void {
  app.on('session-created', (session) => {
    session.setSpellCheckerLanguages([])
    session.setSpellCheckerEnabled(false)
  })
}
