import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Colour, drawPixels, markColour, markSvg } from './mark'
import { markPng } from './markPng'

const folder = join(import.meta.dirname, '../../build')

/** How bright a colour is to the eye, 0 to 1 (WCAG 2.2, relative luminance). */
function luminance([red, green, blue]: Colour): number {
  const linear = (part: number): number => (part <= 10.3 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (light + 0.05) / (dark + 0.05)
}

function pixelsOf(png: Buffer): Buffer {
  const at = png.indexOf('IDAT')
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
}

test.each([16, 22, 24, 32])('at %i px the bars stand out from the tile, which is between them', (edge) => {
  const pixels = drawPixels(edge, (x, y) => markColour(x, y, edge))
  const tile = pixels[edge * Math.floor(edge / 2) + 1] ?? [0, 0, 0, 0]
  const middle = Array.from({ length: edge }, (_, row) => pixels[row * edge + Math.floor(edge / 2) - 1] ?? tile)
  const kinds = middle.map((colour) => (colour[3] < 128 ? '' : contrast(colour, tile) > 3 ? 'bar' : 'tile'))
  const runs = kinds.filter((kind, row) => kind !== kinds[row - 1])
  expect(runs.filter((kind) => kind !== '')).toEqual(['tile', 'bar', 'tile', 'bar', 'tile'])
})

test('the icons of the package are the mark', async () => {
  const wanted = [16, 32, 64, 256]
  const same = await Promise.all(
    wanted.map(async (edge) => {
      const file = await readFile(join(folder, 'icons', `${edge}x${edge}.png`))
      return pixelsOf(file).equals(pixelsOf(markPng(edge)))
    }),
  )
  expect([same, await readFile(join(folder, 'icon.svg'), 'utf8')]).toEqual([wanted.map(() => true), markSvg()])
})
