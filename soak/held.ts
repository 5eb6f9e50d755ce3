import type { ElectronApplication } from '@playwright/test'

/** What the main process holds when everything was collected that nothing refers to. */
export interface Held {
  /** What lies in its heap, but for code that was compiled meanwhile, in KiB. */
  readonly dataKib: number
  /** What the heap takes, with compiled code and the room in its pages, in MiB. */
  readonly heapMib: number
  /** Its memory beside the heap that no file stands behind, in MiB: what Chromium and Node hold. */
  readonly besideMib: number
  /** Its windows and their like, open or kept for nothing. */
  readonly contents: number
  /** Who listens to windows, to the system and to the process. */
  readonly listeners: number
}

/** Collects what can be, and counts what is left. */
export function lookAtMain(electron: ElectronApplication): Promise<Held> {
  return electron.evaluate(async ({ app, ipcMain, nativeTheme, powerMonitor, screen, session, webContents }) => {
    const v8 = process.getBuiltinModule('node:v8')
    v8.setFlagsFromString('--expose-gc')
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc')
    for (let time = 0; time < 3; time++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 100)) // Finalizers have their turn, and drop more.
    }
    const own = process.getBuiltinModule('node:fs').readFileSync('/proc/self/smaps_rollup', 'utf8')
    const dataBytes = v8
      .getHeapSpaceStatistics()
      .filter(({ space_name }) => /^(new|old|large_object|new_large_object)_space$/.test(space_name))
      .reduce((sum, { space_used_size }) => sum + space_used_size, 0)
    const heapBytes = v8.getHeapStatistics().total_physical_size
    const toMib = (bytes: number): number => Math.round(bytes / 1024 / 1024)
    const all = webContents.getAllWebContents()
    const emitters = [process, app, ipcMain, nativeTheme, powerMonitor, screen, session.defaultSession, ...all]
    const count = (emitter: NodeJS.EventEmitter): number =>
      emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0)
    return {
      dataKib: Math.round(dataBytes / 1024),
      heapMib: toMib(heapBytes),
      besideMib: toMib(Number(/^Pss_Anon:\s+(\d+)/m.exec(own)?.[1]) * 1024 - heapBytes),
      contents: all.length,
      listeners: emitters.reduce((sum, emitter) => sum + count(emitter as NodeJS.EventEmitter), 0),
    }
  })
}
