/** Red, green, blue and how opaque, each 0 to 255. */
export type Colour = readonly [number, number, number, number]

const tile: Colour = [43, 100, 214, 255]
const white: Colour = [255, 255, 255, 255]
const amber: Colour = [255, 205, 92, 255]
const clear: Colour = [0, 0, 0, 0]

interface Bar {
  readonly colour: Colour
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The mark of Rundesk: three steps of a run on a scale of time, the last of which goes on. In parts of the edge. */
const bars: readonly Bar[] = [
  { colour: white, left: 0.1875, right: 0.5, top: 0.21875, bottom: 0.34375 },
  { colour: white, left: 0.34375, right: 0.65625, top: 0.4375, bottom: 0.5625 },
  { colour: amber, left: 0.5, right: 0.8125, top: 0.65625, bottom: 0.78125 },
]
const [margin, radius] = [0.03125, 0.21875]
/** Smaller pictures, in px, have no margin, and their bars stand on whole pixels without round ends: that only blurs. */
const smallest = 40
/** So many points by so many make a pixel, so that edges are smooth. */
const points = 4

/** The colour of the mark at a point, both parts of the edge, in a picture of so many px. */
export function markColour(x: number, y: number, edge: number): Colour {
  const bar = bars.find((one) => isIn(edge < smallest ? onPixels(one, edge) : one, { x, y, round: edge >= smallest }))
  return bar?.colour ?? (isInTile(x, y, edge < smallest ? 0 : margin) ? tile : clear)
}

/** A picture of so many px: for each pixel, row by row, what `at` gives for its place, mixed where it differs within. */
export function drawPixels(edge: number, at: (x: number, y: number) => Colour): readonly Colour[] {
  return Array.from({ length: edge * edge }, (_, index) => {
    const sum = [0, 0, 0, 0] as [number, number, number, number]
    for (let point = 0; point < points * points; point++) {
      const x = ((index % edge) + ((point % points) + 0.5) / points) / edge
      const y = (Math.floor(index / edge) + (Math.floor(point / points) + 0.5) / points) / edge
      const [red, green, blue, opacity] = at(x, y)
      sum[0] += red * opacity
      sum[1] += green * opacity
      sum[2] += blue * opacity
      sum[3] += opacity
    }
    const [red, green, blue, opacity] = sum
    const part = Math.max(opacity, 1)
    return [red / part, green / part, blue / part, opacity / (points * points)]
  })
}

/** The mark as a drawing. */
export function markSvg(): string {
  const px = (part: number): number => part * 1024
  const rects = bars.map(
    ({ colour, left, right, top, bottom }) =>
      `  <rect x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}" rx="${px((bottom - top) / 2)}" fill="${hex(colour)}"/>`,
  )
  const inner = px(1 - 2 * margin)
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">',
    '  <title>Rundesk</title>',
    `  <rect x="${px(margin)}" y="${px(margin)}" width="${inner}" height="${inner}" rx="${px(radius)}" fill="${hex(tile)}"/>`,
    ...rects,
    '</svg>',
    '',
  ].join('\n')
}

function hex([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** The bar, at least two pixels high, moved to whole pixels, as far from the middle as its like on the other side. */
function onPixels({ colour, left, right, top, bottom }: Bar, edge: number): Bar {
  const height = Math.max(2, Math.round((bottom - top) * edge))
  const away = ((top + bottom) / 2 - 0.5) * edge
  const from = Math.round((edge - height) / 2) + Math.sign(away) * Math.round(Math.abs(away))
  return {
    colour,
    left: Math.round(left * edge) / edge,
    right: Math.round(right * edge) / edge,
    top: from / edge,
    bottom: (from + height) / edge,
  }
}

function isIn(
  { left, right, top, bottom }: Bar,
  { x, y, round }: { readonly x: number; readonly y: number; readonly round: boolean },
): boolean {
  if (y < top || y > bottom || x < left || x > right) return false
  const half = round ? (bottom - top) / 2 : 0
  const beyond = Math.max(left + half - x, x - (right - half), 0)
  return half === 0 || Math.hypot(beyond, y - (top + bottom) / 2) <= half
}

function isInTile(x: number, y: number, around: number): boolean {
  const [first, last] = [around + radius, 1 - around - radius]
  return Math.hypot(Math.max(first - x, x - last, 0), Math.max(first - y, y - last, 0)) <= radius
}
