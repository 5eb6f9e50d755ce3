import { RundeskError } from '../../shared/outcome'

/** The system's keychain, as far as sources need it. Only the desktop app has one. */
export interface SecretStore {
  /** Why no secret can be kept or read here, in words; null when it can. */
  readonly unavailable: () => string | null
  /** Keeps a secret under a name, encrypted by the system. Throws `refused` with the words of `unavailable`. */
  readonly keep: (name: string, secret: string) => Promise<void>
  /** Undefined when there is none of that name. Throws `unreadable` when the system does not give it. */
  readonly read: (name: string) => Promise<string | undefined>
  readonly forget: (name: string) => Promise<void>
}

/** Where there is no keychain: on the command line and in the browser host. */
export function noSecretStore(why: string): SecretStore {
  const refuse = async (): Promise<never> => {
    throw new RundeskError('refused', why)
  }
  return { unavailable: () => why, keep: refuse, read: refuse, forget: async () => undefined }
}

/** The names under which the passwords of a saved source are kept. */
export function secretName(sourceId: string, use: 'reading' | 'writing'): string {
  return `source-${sourceId}-${use}`
}
