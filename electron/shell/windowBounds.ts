import { type BrowserWindow, type Rectangle, screen } from 'electron'

/** Names how the displays are arranged now. */
export function displaysNow(): string {
  const names = screen.getAllDisplays().map(({ bounds: { x, y, width, height } }) => `${width}x${height}+${x}+${y}`)
  return names.toSorted().join(' ')
}

/** Where a window is put that stood there: the same place if any of it is on a display, else only the same size. */
export function onDisplay({ x, y, width, height }: Rectangle): Partial<Rectangle> {
  const area = screen.getDisplayMatching({ x, y, width, height }).workArea
  const visible = x < area.x + area.width && y < area.y + area.height && x + width > area.x && y + height > area.y
  return visible ? { x, y, width, height } : { width, height }
}

/** A little below and beside another window, so that both are seen. */
export function beside(window: BrowserWindow | undefined): Partial<Rectangle> {
  if (!window || window.isDestroyed()) return {}
  const { x, y, width, height } = window.getNormalBounds()
  return onDisplay({ x: x + 28, y: y + 28, width, height })
}
