import { expect, test } from 'vitest'
import type { Terminal } from './terminal'
import { innermostAround, sayFindings, toVariables } from './workflowCommands'

function listen(): { readonly terminal: Terminal; readonly said: readonly string[] } {
  const said: string[] = []
  return {
    terminal: {
      json: false,
      answer: () => undefined,
      write: () => undefined,
      say: (message) => said.push(message),
      trouble: () => null,
    },
    said,
  }
}

test('findings are told as compilers tell them', () => {
  const { terminal, said } = listen()
  const finding = { file: 'f.yaml', line: 3, column: 4, severity: 'error', message: 'no', path: 'a' } as const
  sayFindings(terminal, [finding, { ...finding, line: null, column: null, severity: 'warning' }])
  expect(said).toEqual(['f.yaml:3:4: error: no', 'f.yaml: a: warning: no'])
})

test('variables are read from NAME=VALUE, and the last one of a name counts', () => {
  const { terminal } = listen()
  expect(toVariables(['a=1', 'b=x=y', 'c=', 'a=2'], terminal)).toEqual({ a: '2', b: 'x=y', c: '' })
})

test.each(['novalue', '=x'])('%s is no variable, and that is said', (pair) => {
  const { terminal, said } = listen()
  expect([toVariables([pair], terminal), said]).toEqual([null, [`rundesk: --var ${pair}: give it as NAME=VALUE`]])
})

test.each([
  ['/home/a', '/home/a'],
  ['/home/a/sub/deep', '/home/a/sub'],
  ['/home/ab', '/'],
])('in %s a command without a workspace works in %s', (folder, workspace) => {
  const folders = ['/', '/home/a', '/home/a/sub', '/home/b'].map((path) => ({ path }))
  expect(innermostAround(folders, folder)).toEqual({ path: workspace })
})
