import { expect, test } from 'vitest'
import { contrastOf, differenceOf, visions } from './colourVision.testkit'
import css from './tokens.css?raw'

const statuses = ['running', 'completed', 'failed', 'waiting', 'cancelled', 'orphaned', 'unsaved'] as const
const grounds = ['bg', 'bg-side', 'bg-raised', 'bg-hover', 'bg-selected'] as const

/** The colours of each look: those of the themes, and what high contrast makes other. */
const looks: Readonly<Record<string, ReadonlyMap<string, string>>> = (() => {
  const of = (selector: string): (readonly [string, string])[] => {
    const start = css.indexOf(`\n${selector} {\n  color-scheme`) + 1 || css.indexOf(`\n${selector} {`) + 1
    const rules = css.slice(start, css.indexOf('}', start))
    return [...rules.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour])
  }
  const [light, dark] = [of(':root'), of(':root[data-theme="dark"]')]
  return {
    light: new Map(light),
    dark: new Map([...light, ...dark]),
    'light, high contrast': new Map([...light, ...of(':root[data-contrast="high"]')]),
    'dark, high contrast': new Map([...light, ...dark, ...of(':root[data-contrast="high"][data-theme="dark"]')]),
  }
})()

const colour = (look: string, name: string): string => {
  const found = looks[look]?.get(name)
  if (found === undefined) throw new Error(`${look} has no --${name}`)
  return found
}

test.for(Object.keys(looks))('in %s the marks of any two statuses differ, also without green or red', (look) => {
  for (const [name, vision] of Object.entries(visions))
    for (const [index, one] of statuses.entries())
      for (const other of statuses.slice(index + 1)) {
        const difference = differenceOf(colour(look, `mark-${one}`), colour(look, `mark-${other}`), vision)
        expect(difference, `${one} and ${other}, ${name}`).toBeGreaterThanOrEqual(15)
      }
})

test.for(Object.keys(looks))('in %s marks and words stand out from every ground', (look) => {
  const least = look.endsWith('high contrast') ? 7 : 4.5
  for (const ground of grounds) {
    const behind = colour(look, ground)
    for (const status of statuses) {
      expect(
        contrastOf(colour(look, `mark-${status}`), behind),
        `mark of ${status} on ${ground}`,
      ).toBeGreaterThanOrEqual(3)
      expect(contrastOf(colour(look, status), behind), `${status} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrastOf(colour(look, 'text'), behind), `text on ${ground}`).toBeGreaterThanOrEqual(least)
    expect(contrastOf(colour(look, 'text-2'), behind), `text-2 on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

test('colours are measured as others measure them', () => {
  const full = visions['full colour']
  if (!full) throw new Error('Nobody sees')
  expect([
    contrastOf('#777777', '#ffffff').toFixed(2),
    differenceOf('#ff0000', '#00ff00', full).toFixed(1),
    differenceOf('#2278ea', '#2278ea', full),
  ]).toEqual(['4.48', '86.6', 0])
})
