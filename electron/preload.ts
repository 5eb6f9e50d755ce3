import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge } from '../shared/client'

const bridge: Bridge = {
  request: (channel, input) => ipcRenderer.invoke('rundesk:request', channel, input),
  subscribe: (listener) => {
    const forward = (_event: unknown, name: string, payload: unknown): void => listener(name, payload)
    ipcRenderer.on('rundesk:event', forward)
    return () => {
      ipcRenderer.off('rundesk:event', forward)
    }
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('rundesk', bridge)
