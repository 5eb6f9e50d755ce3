import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './App'
import { ClientContext, openClient } from './state/client'
import './styles/tokens.css'

z.config({ jitless: true }) // The window's policy forbids code from text.

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <ClientContext value={openClient()}>
      <App />
    </ClientContext>,
  )
}
