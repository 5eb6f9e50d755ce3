import { expect, test } from 'vitest'
import { foldStack } from './foldStack'

const kinds = (text: string): readonly string[] => foldStack(text).map(({ kind, lines }) => `${kind} ${lines.length}`)

test('the frames of a JavaScript stack are apart from its message', () => {
  expect(kinds('TypeError: no\n    at a (x.js:1:2)\n    at b (x.js:2:2)\n    at c (x.js:3:2)')).toEqual([
    'text 1',
    'frames 3',
  ])
})

test('the source lines of a Python traceback belong to its frames, and its error does not', () => {
  const text =
    'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    main()\n  File "a.py", line 2, in main\n    raise ValueError\nValueError'
  expect(kinds(text)).toEqual(['text 1', 'frames 4', 'text 1'])
})

test('an indented text without frames is not folded', () => {
  expect(kinds('expected:\n    one\n    two\n    three\nfound none')).toEqual(['text 5'])
})

test('so few frames are not folded', () => {
  expect(kinds('Error: x\n    at a (x.js:1:2)\n    at b (x.js:2:2)\nend')).toEqual(['text 4'])
})

test.each(['', '\n', 'one\n\n', '    at a\n    at b\n    at c\n'])('nothing is lost: %j', (text) => {
  expect(
    foldStack(text)
      .flatMap(({ lines }) => lines)
      .join('\n'),
  ).toBe(text)
})
