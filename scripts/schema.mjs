import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { installIfNeeded, root, say } from './lib.mjs'

// npm run schema: writes the JSON schemas of workflow files, for editors, from the schemas that the runner checks with.
installIfNeeded()
const outDir = mkdtempSync(join(tmpdir(), 'rundesk-schema-'))
try {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: join(root, 'shared/workflowSchemas.ts'),
      outDir,
      rollupOptions: { output: { entryFileNames: 'schemas.mjs' } },
    },
    ssr: { noExternal: true },
  })
  const { workflowJsonSchema, stepsJsonSchema } = await import(pathToFileURL(join(outDir, 'schemas.mjs')).href)
  mkdirSync(join(root, 'schema'), { recursive: true })
  for (const [name, schema] of [
    ['workflow', workflowJsonSchema()],
    ['steps', stepsJsonSchema()],
  ]) {
    const path = join(root, 'schema', `${name}.schema.json`)
    writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`)
    say(`wrote ${path}`)
  }
} finally {
  rmSync(outDir, { recursive: true, force: true })
}
