import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRunner, readRows, runToEnd } from './runner.testkit'

type Opened = Awaited<ReturnType<typeof openRunner>>

function git(dir: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** A runner in a repository with one commit on `trunk`, and one more on `side`. */
async function openRepository(): Promise<Opened> {
  const opened = await openRunner()
  git(opened.dir, 'init', '-q', '-b', 'trunk')
  await writeFile(join(opened.dir, 'file'), 'trunk')
  git(opened.dir, 'add', 'file')
  git(opened.dir, 'commit', '-q', '-m', 'one')
  git(opened.dir, 'checkout', '-q', '-b', 'side')
  await writeFile(join(opened.dir, 'file'), 'side')
  git(opened.dir, 'commit', '-q', '-a', '-m', 'two')
  git(opened.dir, 'checkout', '-q', 'trunk')
  return opened
}

const tree = (rest: object) => ({ name: 'tree', type: 'worktree', ...rest })

test('a worktree step makes branch and folder, and later steps get the folder', async () => {
  const opened = await openRepository()
  const { steps } = await runToEnd(opened, [
    tree({ branch: 'new/one' }),
    { name: 'use', dependsOn: ['tree'], command: 'cd {{steps.tree.output}} && git branch --show-current && cat file' },
  ])
  expect([steps.tree, steps.use?.output]).toMatchObject([
    { status: 'completed', stepType: 'worktree', task: 'new/one', output: join(opened.dir, '.worktrees', 'tree') },
    'new/one\ntrunk',
  ])
})

test('path, base branch and contents of earlier steps are put in, and are never code', async () => {
  const opened = await openRepository()
  const { steps } = await runToEnd(
    opened,
    [
      { name: 'n', command: `printf '%s\\n' 'a"b$(touch pwned)'` },
      tree({ branch: 'x-{{who}}', baseBranch: 'side', path: 'trees/{{steps.n.output}}', dependsOn: ['n'] }),
    ],
    { vars: { who: "o'neil$(id>pwned)`id>pwned`" } },
  )
  const folder = join(opened.dir, 'trees', 'a"b$(touch pwned)')
  expect([
    steps.tree?.error,
    steps.tree?.output,
    await readFile(join(folder, 'file'), 'utf8'),
    git(folder, 'branch', '--show-current'),
    existsSync(join(opened.dir, 'pwned')),
  ]).toEqual([undefined, folder, 'side', "x-o'neil$(id>pwned)`id>pwned`", false])
})

test('a branch that is there is checked out', async () => {
  const opened = await openRepository()
  const { steps } = await runToEnd(opened, [tree({ branch: 'side', createBranch: false })])
  expect(await readFile(join(steps.tree?.output ?? '', 'file'), 'utf8')).toBe('side')
})

test.each([
  [
    'a branch that is not there and may not be made',
    { branch: 'none', createBranch: false },
    'The branch "none" does not exist, and createBranch is false.',
  ],
  ['a branch that is an option', { branch: '--detach' }, '"--detach" is no name of a branch.'],
  ['a base that is an option', { branch: 'b', baseBranch: '-f' }, '"-f" is no name of a branch.'],
  ['a branch that is empty in the end', { branch: '{{steps.none.output}}' }, 'The branch is empty.'],
  [
    'a folder that leads outside',
    { branch: 'b', path: '{{steps.up.output}}/x' },
    'must be plain: without . and .. in it.',
  ],
  ['a failure that may not be one', { branch: '-x', failOnError: false }, '"-x" is no name of a branch.'],
  ['an absolute folder elsewhere', { branch: 'b', path: '/tmp/rundesk-no-worktree' }, 'leads outside of'],
  ['a branch that is in use', { branch: 'trunk' }, 'trunk'],
])('%s fails the step with the reason', async (_what, step, words) => {
  const opened = await openRepository()
  const { steps } = await runToEnd(opened, [
    { name: 'none', command: 'echo' },
    { name: 'up', command: 'echo ..' },
    tree({ dependsOn: ['none', 'up'], ...step }),
  ])
  expect([steps.tree?.status, steps.tree?.error, git(opened.dir, 'worktree', 'list').split('\n').length]).toEqual([
    'failed',
    expect.stringContaining(words),
    1,
  ])
})

test('a worktree that an earlier try made for the branch is taken as it is', async () => {
  const opened = await openRepository()
  const { runId } = await runToEnd(opened, [
    tree({ branch: 'kept', verification: { type: 'custom', value: 'test -f go' } }),
  ])
  const folder = join(opened.dir, '.worktrees', 'tree')
  await writeFile(join(folder, 'work'), 'mine')
  await writeFile(join(opened.dir, 'go'), '')
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  const { steps } = await readRows(opened.store, runId)
  expect([steps.tree?.status, steps.tree?.output, await readFile(join(folder, 'work'), 'utf8')]).toEqual([
    'completed',
    folder,
    'mine',
  ])
})

test('a worktree that was left half made is made anew', async () => {
  const opened = await openRepository()
  const folder = join(opened.dir, '.worktrees', 'tree')
  git(opened.dir, 'worktree', 'add', '-q', '-b', 'half', '--no-checkout', folder)
  await writeFile(join(git(folder, 'rev-parse', '--absolute-git-dir'), 'locked'), 'initializing')
  const { steps } = await runToEnd(opened, [tree({ branch: 'half' })])
  expect([steps.tree?.status, await readFile(join(folder, 'file'), 'utf8')]).toEqual(['completed', 'trunk'])
})

test('a folder of something else is left alone', async () => {
  const opened = await openRepository()
  const folder = join(opened.dir, '.worktrees', 'tree')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'work'), 'mine')
  const { steps } = await runToEnd(opened, [tree({ branch: 'b' })])
  expect([steps.tree?.status, await readFile(join(folder, 'work'), 'utf8')]).toEqual(['failed', 'mine'])
})
