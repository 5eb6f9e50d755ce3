import { createRoot } from 'react-dom/client'
import { App } from './App'
import { ClientContext, openClient } from './state/client'
import { translateKeys } from './state/shortcutKeys'
import { takeSplits } from './state/splits'

translateKeys()
takeSplits(location.search)
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <ClientContext value={openClient()}>
      <App />
    </ClientContext>,
  )
}
