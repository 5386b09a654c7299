import './styles/tokens.css'
import './styles/base.css'
import './styles/contrast.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Broken } from './broken.tsx'
import { startI18n } from './i18n/start.ts'
import { followLooks } from './state/looks.ts'
import { applyTheme, followTheme } from './state/theme.ts'
import { startWorker } from './state/worker.ts'

startWorker()
followLooks()
applyTheme()
followTheme()
await startI18n()
const root = createRoot(document.getElementById('root')!, {
  onUncaughtError(error) {
    reportError(error)
    queueMicrotask(() => root.render(<Broken />))
  },
})
root.render(
  <StrictMode>
    <App />
  </StrictMode>,
)
