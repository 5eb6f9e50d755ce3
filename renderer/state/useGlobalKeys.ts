import { useEffect, useRef } from 'react'
import { keysOf } from '../../shared/keys'
import { isKey } from '../../shared/rules/pressedKeys'
import { focusScreen } from './focus'
import { isPlainKey, isTyping } from './keys'
import { navigate, type Route } from './route'

/** The keys that work everywhere but in a text field. After `g` the next key names a screen. */
export function useGlobalKeys(
  route: Route,
  open: {
    readonly palette: () => void
    readonly sheet: () => void
    readonly settings: () => void
    /** The next remote source. */
    readonly source: () => void
  },
): void {
  const leader = useRef(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isSecond = leader.current && isPlainKey(event)
      const act = isSecond ? second(event.key, route, open.source) : first(event)
      if (isSecond) leader.current = false
      if (!act && !isSecond) return
      event.preventDefault()
      if (isSecond) event.stopImmediatePropagation()
      act?.()
    }
    const first = (event: KeyboardEvent): (() => void) | null => {
      if (isKey(event, 'palette')) return open.palette
      if (isKey(event, 'settings')) return open.settings
      if (isKey(event, 'back') && !isTyping(event)) return () => history.back()
      if (isKey(event, 'forward') && !isTyping(event)) return () => history.forward()
      if (!isPlainKey(event)) return null
      if (isKey(event, 'go')) {
        return () => {
          leader.current = true
        }
      }
      if (isKey(event, 'sheet')) return open.sheet
      if (!isKey(event, 'start')) return null
      return () => go({ screen: 'start', workspaceId: workspaceOf(route), file: null, workflow: null })
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [route, open])
}

function workspaceOf(route: Route): string | null {
  return route.screen === 'demo' ? null : route.workspaceId
}

/** Where the key after `g` leads: to a screen of the workspace that is shown. */
function second(key: string, route: Route, source: () => void): (() => void) | null {
  const workspaceId = workspaceOf(route)
  const ways: Readonly<Record<string, Route>> = {
    'go-overview': { screen: 'overview', workspaceId },
    'go-runs': { screen: 'runs', workspaceId, filter: 'all', search: '', runId: null },
    'go-trajectories': { screen: 'trajectories', workspaceId, search: '', trajectoryId: null },
    'go-writebacks': { screen: 'writebacks', workspaceId },
    'go-problems': { screen: 'problems', workspaceId },
  }
  const pressed = `${keysOf('go')[0]} ${key}`
  if (keysOf('go-source').includes(pressed))
    return () => {
      source()
      focusScreen()
    }
  const way = Object.entries(ways).find(([id]) => keysOf(id).includes(pressed))?.[1]
  return way ? () => go(way) : null
}

/** Goes to a screen, and the focus goes along. */
function go(to: Route): void {
  navigate(to)
  focusScreen()
}
