import { expect, test } from 'vitest'
import type { Problem } from '../../shared/runs'
import { problemLine, sayProblems } from './terminal'

const problem = (line: number | null, message = 'This line is not JSON.'): Problem => ({
  code: 'malformed_line',
  path: '/store',
  line,
  message,
})

test('a problem names its file once', () => {
  expect(problemLine(problem(3))).toBe('/store:3: This line is not JSON.')
  expect(problemLine(problem(null, '/store cannot be read.'))).toBe('/store cannot be read.')
})

test('many problems are counted, not poured out', () => {
  const said: string[] = []
  const terminal = {
    json: false,
    answer: () => {},
    say: (message: string) => said.push(message),
    write: () => {},
    trouble: () => null,
  }
  sayProblems(
    terminal,
    Array.from({ length: 1003 }, (_, at) => problem(at + 1)),
  )
  expect(said).toHaveLength(11)
  expect(said.at(-1)).toBe('993 more problems. See them all with: rundesk doctor')
})
