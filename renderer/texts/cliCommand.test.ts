import { expect, test } from 'vitest'
import { cliCommand } from './cliCommand'

const at = (path: string) => ({ id: 'a1b2', source: { kind: 'jsonl', path } }) as const

test('a command names the run and its workspace', () => {
  expect(cliCommand('show', at('/home/me/shop/.agent-relay/workflow-runs.jsonl'))).toBe(
    'rundesk show a1b2 -w /home/me/shop',
  )
})

test.each([
  ["/tmp/it's here/.agent-relay/x", "rundesk logs a1b2 -w '/tmp/it'\\''s here'"],
  ['/tmp/$(reboot)/.agent-relay/x', "rundesk logs a1b2 -w '/tmp/$(reboot)'"],
  ['C:\\my shop\\.agent-relay\\x', 'rundesk logs a1b2 -w "C:\\my shop"'],
])('nothing in a path is more to the shell than a path: %s', (path, command) => {
  expect(cliCommand('logs', at(path))).toBe(command)
})

test('an id of a foreign writer is quoted, too', () => {
  expect(cliCommand('show', { id: '-rf; ls', source: { kind: 'trajectory', path: '/x' } })).toBe(
    "rundesk show '-rf; ls'",
  )
})
