// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { show } from '../screens/show.testkit'
import { LogText } from './LogText'

const line = (text: string, query = '') =>
  show(
    <p title="line">
      <LogText text={text} query={query} caseSensitive={false} />
    </p>,
  )
const shown = (): HTMLElement => screen.getByTitle('line')

test('markup in a log is text', () => {
  line('<img src=x onerror=alert(1)> & <script>')
  expect([shown().textContent, shown().children.length]).toEqual(['<img src=x onerror=alert(1)> & <script>', 0])
})

test('every hit of a search is marked, over colours as well', () => {
  line('an \u001B[31mError\u001B[0m, an error', 'error')
  expect([...shown().querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual(['Error', 'error'])
})

test('what a search looks for is no pattern', () => {
  line('a.c abc', 'a.c')
  expect([...shown().querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual(['a.c'])
})
