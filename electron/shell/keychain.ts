import { safeStorage } from 'electron'
import type { Sealer } from './sealedSecrets'

/**
 * The keychain of macOS, the data protection of Windows, or the secret service or wallet of a Linux desktop. Where Linux has
 * none, Chromium would seal with a key that everybody knows: that is refused.
 */
export const systemSealer: Sealer = {
  unavailable: () => {
    if (process.platform !== 'linux') return null
    const backend = safeStorage.getSelectedStorageBackend()
    if (backend !== 'basic_text' && backend !== 'unknown') return null
    return 'This desktop has no keychain that Rundesk knows (GNOME Keyring or KWallet), so no password is kept. Take it from an environment variable, a service file or .pgpass.'
  },
  seal: async (text) => {
    if (!hasAsync()) return safeStorage.encryptString(text)
    if (await safeStorage.isAsyncEncryptionAvailable()) return await safeStorage.encryptStringAsync(text)
    throw new Error('The keychain is locked.')
  },
  open: async (sealed) =>
    hasAsync() ? (await safeStorage.decryptStringAsync(sealed)).result : safeStorage.decryptString(sealed),
}

/** Electron 45 has both forms, earlier ones only the other, later ones only this one. */
function hasAsync(): boolean {
  return typeof safeStorage.encryptStringAsync === 'function'
}
