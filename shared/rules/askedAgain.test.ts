import { expect, test } from 'vitest'
import { contract } from '../contract'
import { mayBeAskedAgain } from './askedAgain'

test('what changes something is never asked again by itself', () => {
  const channels = Object.keys(contract).filter(mayBeAskedAgain)
  const changing = channels.filter((name) =>
    /:(set|save|remove|add|clear|mark|start|stop|choose|open|remember)/.test(name),
  )
  expect([channels.includes('runs:query'), mayBeAskedAgain('runs:cancel'), changing]).toEqual([true, false, []])
})

test('a channel that does not exist is not asked again', () => {
  expect(['never:get', 'toString', '__proto__'].map(mayBeAskedAgain)).toEqual([false, false, false])
})
