import type { Part } from './part'

/** The English words of diagnostics. */
export const diagnosticsTexts = {
  diagnostics: 'Diagnostics',
  explanation:
    'This is all that a file for those who look into a problem would hold: versions, settings, problems, timings and the newest of the log. Tokens, contents of files, your name and the path of your home folder are taken out. Nothing is sent anywhere: look through it, save it, and give it to whom you like.',
  text: 'What the file would hold',
  save: 'Save…',
  gatherAnew: 'Gather anew',
  open: 'Open diagnostics…',
  whatHappened: 'What happened, for those who look into a problem',
  size: (size: Part): string => `${size} as a file`,
} as const
