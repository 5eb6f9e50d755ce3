import type { LastEnd } from '../../shared/lastEnd'
import type { Desktop } from '../../shared/settings'
import type { Onlooker } from '../files/onlooker'
import type { OpenRemote } from '../sources/openRemote'
import type { SecretStore } from '../sources/secretStore'
import type { UpdateSource } from '../updates/updateSource'
import type { DemoControl } from './demoControl'

/** What an app is opened with. */
export interface AppOptions {
  readonly dataDir: string
  /** Where `.relayfile` and its like are looked up. */
  readonly home: string
  /** Folders named on the command line; empty: the saved ones. */
  readonly workspaces: readonly string[]
  /** The folder used when nothing is named, saved or registered; null: none. */
  readonly fallback?: string | null
  readonly host: 'electron' | 'browser' | 'cli'
  readonly version: string
  /** The packaged app, as a person starts it; without it this is a checkout or the command. */
  readonly program?: string | null
  readonly chooseFolder: (() => Promise<string | null>) | null
  readonly chooseProgram?: () => Promise<string | null>
  /** What the desktop can do for the attention of a person; without it nothing. */
  readonly desktop?: () => Desktop
  readonly chooseFile?: () => Promise<string | null>
  /** Gives what a window should be told once, such as that a file of its own was damaged. */
  readonly takeNotices?: () => readonly string[]
  /** What processes left that had this data folder and did not close; without it nothing. */
  readonly lastEnds?: readonly LastEnd[]
  readonly demo: DemoControl | null
  /** Whether a window is to be seen; without it one always is. */
  readonly onlooker?: Onlooker
  /** Refuses every act; RUNDESK_READ_ONLY=1 does the same. */
  readonly readOnly?: boolean
  /** Where newer versions come from, or why there are none; without it only the desktop app gets any. */
  readonly updates?: UpdateSource | { readonly unavailable: string }
  /** Ends the app, so that an update is installed. */
  readonly onEnd?: () => void
  /** The system's keychain; without it no password can be kept. */
  readonly secrets?: SecretStore
  /** Makes the sources that are not on this machine; without it those that Rundesk knows. */
  readonly openRemote?: OpenRemote
  readonly onBug?: (error: unknown) => void
}
