#!/usr/bin/env node
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url) // Modules of Node that are imported take longer.
const launch = require('node:path').join(import.meta.dirname, '..', 'out', 'main', 'launch.cjs')
if (!require('node:fs').existsSync(launch)) {
  process.stderr.write('rundesk: it is not built yet. Run: npm run build\n')
  process.exit(3)
}
require(launch)
