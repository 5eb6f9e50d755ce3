import { spawnSync } from 'node:child_process'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listWorkflowFiles, workflowFileIn } from './workflowFiles'
import { makeWorkspace, workflowText } from './workflowText.testkit'

const sound = workflowText('- { name: a, type: deterministic, command: "true" }', 'description: Says nothing')

test('workflow files are found at the top, in workflows and in .relay/workflows, relay.yaml first', async () => {
  const dir = await makeWorkspace({
    'a.yml': sound,
    'relay.yaml': sound,
    'workflows/b.yaml': sound,
    '.relay/workflows/c.yaml': sound,
    'deep/er/d.yaml': sound,
    '.relay/steps.yaml': 'steps: {}',
    'compose.yaml': 'services: { web: { image: x } }',
    'notes.txt': sound,
  })
  const { files, cut } = await listWorkflowFiles(dir)
  expect([files.map(({ file }) => file), files[0], cut]).toEqual([
    ['relay.yaml', '.relay/workflows/c.yaml', 'a.yml', 'workflows/b.yaml'],
    { file: 'relay.yaml', name: 'flow', description: 'Says nothing', workflows: ['main'], error: null },
    false,
  ])
})

test('a broken workflow file is listed with its first error, other broken files are not', async () => {
  const dir = await makeWorkspace({
    'bad.yaml': `${sound}      - { name: a, type: deterministic }\n`,
    'torn.yaml': `${sound}x: [`,
    'other.yaml': 'x: [',
  })
  const { files } = await listWorkflowFiles(dir)
  expect(files.map(({ file, name, error }) => [file, name, error])).toEqual([
    ['bad.yaml', 'flow', 'bad.yaml:9:9: step "a" has no command, which a step of type deterministic needs'],
    ['torn.yaml', 'torn.yaml', expect.stringContaining('torn.yaml:9:5: this is not valid YAML')],
  ])
})

test('a relay.yaml that is too large is listed with the reason', async () => {
  const dir = await makeWorkspace({ 'relay.yaml': ' '.repeat(4 * 1024 * 1024 + 1) })
  const { files } = await listWorkflowFiles(dir)
  expect(files.map(({ error }) => error)).toEqual([
    'relay.yaml has 4194305 bytes. A workflow file holds at most 4 MiB.',
  ])
})

test('links that lead out of the workspace are not followed, others are', async () => {
  const outside = await makeWorkspace({ 'secret.yaml': sound, 'folder/x.yaml': sound })
  const dir = await makeWorkspace({ 'in.yaml': sound, 'elsewhere/y.yaml': sound })
  await symlink(join(outside, 'secret.yaml'), join(dir, 'out.yaml'))
  await symlink(join(outside, 'folder'), join(dir, 'workflows'))
  await symlink(join(dir, 'elsewhere', 'y.yaml'), join(dir, 'link.yaml'))
  const { files } = await listWorkflowFiles(dir)
  expect(files.map(({ file }) => file)).toEqual(['in.yaml', 'link.yaml'])
})

test('pipes and folders named like workflow files do not hold the list up', async () => {
  const dir = await makeWorkspace({ 'a.yaml': sound, 'folder.yaml/x': '' })
  spawnSync('mkfifo', [join(dir, 'pipe.yaml')])
  const { files } = await listWorkflowFiles(dir)
  expect(files.map(({ file }) => file)).toEqual(['a.yaml'])
})

test('of very many files two hundred are listed, and the cut is told', async () => {
  const dir = await makeWorkspace({})
  for (let n = 0; n < 203; n++) await writeFile(join(dir, `f${String(n).padStart(3, '0')}.yaml`), sound)
  const { files, cut } = await listWorkflowFiles(dir)
  expect([files.length, files.at(-1)?.file, cut]).toEqual([200, 'f199.yaml', true])
})

test.each(['../x.yaml', 'a/../../x.yaml', '/etc/passwd', 'out.yaml', 'x\0.yaml'])(
  'a window may not name %j',
  async (file) => {
    const dir = await makeWorkspace({})
    await symlink('/etc/hostname', join(dir, 'out.yaml'))
    await expect(workflowFileIn(dir, file)).rejects.toMatchObject({ code: 'refused' })
  },
)
