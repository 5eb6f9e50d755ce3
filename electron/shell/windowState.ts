import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserWindow, type Rectangle, screen } from 'electron'
import { z } from 'zod'
import { writeFileAtomic } from '../files/atomicWrite'

const stateSchema = z.object({
  version: z.literal(1),
  x: z.number(),
  y: z.number(),
  width: z.number().min(360),
  height: z.number().min(300),
})

/** Where the window was last time, if that is still on a screen. */
export async function readWindowState(dataDir: string): Promise<Partial<Rectangle>> {
  try {
    const { x, y, width, height } = stateSchema.parse(JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8')))
    const area = screen.getDisplayMatching({ x, y, width, height }).workArea
    const visible = x < area.x + area.width && y < area.y + area.height && x + width > area.x && y + height > area.y
    return visible ? { x, y, width, height } : { width, height }
  } catch {
    return {}
  }
}

/** Remembers where the window is when it closes. */
export function rememberWindowState(window: BrowserWindow, dataDir: string): void {
  window.on('close', () => {
    const state = { version: 1, ...window.getNormalBounds() }
    void writeFileAtomic(join(dataDir, 'window.json'), `${JSON.stringify(state)}\n`, { mode: 0o600 }).catch(
      () => undefined,
    )
  })
}
