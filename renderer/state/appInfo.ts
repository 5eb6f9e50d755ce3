import { createContext, useContext } from 'react'
import type { Output } from '../../shared/contract'

export type AppInfo = Output<'app:info'>

/** What this app can do; null until it is known. */
export const AppInfoContext = createContext<AppInfo | null>(null)

/** Why no act is possible; null where they are. */
export function useReadOnly(): string | null {
  return useContext(AppInfoContext)?.readOnly ?? null
}

/** What a person types to see the demo; empty until it is known. */
export function useDemoCommand(): string {
  return useContext(AppInfoContext)?.demoCommand ?? ''
}

/** What this host can do for the attention of a person: null where it can, else why not. */
export function useDesktop(): AppInfo['desktop'] {
  return useContext(AppInfoContext)?.desktop ?? nothing
}

const nothing = { notifications: null, tray: null, badge: null, zoom: null }
