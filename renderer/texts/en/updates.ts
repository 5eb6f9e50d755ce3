import type { Part } from './part'

/** The English words of updates. */
export const updatesTexts = {
  off: 'Off',
  notify: 'Tell me',
  automatic: 'Download, install at the end',
  thisVersion: 'This version',
  checkForUpdates: 'Check for updates',
  download: (version: Part): string => `Download ${version}`,
  restart: (version: Part): string => `Restart and install ${version}`,
  /** By phase. */
  phases: {
    unknown: 'Not looked yet.',
    checking: 'Asking the server…',
    current: 'This is the newest version.',
    available: (version: Part): string => `Rundesk ${version} is available.`,
    downloading: (version: Part, percent: Part): string => `Downloading Rundesk ${version}: ${percent} %.`,
    ready: (version: Part): string => `Rundesk ${version} is downloaded and ready to install.`,
    installing: (version: Part): string => `Rundesk ends and installs ${version}…`,
  },
  looked: (ago: Part): string => `Looked ${ago}.`,
} as const
