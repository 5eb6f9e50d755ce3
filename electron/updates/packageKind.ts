import { isAbsolute, sep } from 'node:path'

/** How the running Rundesk was installed, and so how a newer one gets in its place. */
export type PackageKind =
  /** One file that Rundesk replaces. */
  | { readonly kind: 'appImage'; readonly file: string }
  /** Its installer, or the system, replaces it. */
  | { readonly kind: 'installer' }
  /** Rundesk cannot replace it; `how` tells who can. */
  | { readonly kind: 'byHand'; readonly how: string }

/** Tells the kind of package from what its system says of it. `packageType` is what electron-builder wrote into the package. */
export function packageKindOf({
  platform,
  env,
  execPath,
  packageType,
}: {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execPath: string
  readonly packageType: string | null
}): PackageKind {
  if (platform === 'darwin') return { kind: 'installer' }
  if (platform === 'win32') {
    return env.PORTABLE_EXECUTABLE_FILE === undefined
      ? { kind: 'installer' }
      : { kind: 'byHand', how: 'This is the portable Rundesk: put the new file in its place.' }
  }
  const { APPIMAGE: file, APPDIR: mounted } = env
  // A terminal inside of another program's AppImage hands its variables down.
  if (file !== undefined && isAbsolute(file) && mounted !== undefined && execPath.startsWith(`${mounted}${sep}`))
    return { kind: 'appImage', file }
  if (packageType !== null)
    return {
      kind: 'byHand',
      how: `Rundesk was installed as a ${packageType} package: install the new one as you did this one.`,
    }
  return { kind: 'byHand', how: 'Rundesk was unpacked here: unpack the new one in its place.' }
}

/** How a person gets a newer one from the page; null where Rundesk installs it. */
export function byHandWords(kind: PackageKind, page: string): string | null {
  return kind.kind === 'byHand' ? `${kind.how} It is at ${page}` : null
}
