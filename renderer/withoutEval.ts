import { z } from 'zod'

// The window's policy forbids code from text. Imported by the page, before the app: a schema looks for it when it is made.
z.config({ jitless: true })
