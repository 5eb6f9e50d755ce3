import { type NativeImage, nativeImage } from 'electron'

/** Red, green, blue and how opaque, each 0 to 255. */
type Colour = readonly [number, number, number, number]
const blue: Colour = [58, 122, 240, 255]
const white: Colour = [255, 255, 255, 255]
const red: Colour = [214, 48, 49, 255]
const clear: Colour = [0, 0, 0, 0]

/** Bars of a timeline, in parts of the edge: from x, to x, y. */
const bars: readonly (readonly [number, number, number])[] = [
  [0.2, 0.5, 0.3],
  [0.35, 0.68, 0.5],
  [0.52, 0.82, 0.7],
]
const thickness = 0.11
const sizes = [1, 2, 3]

/** The icon of the tray: three bars of a timeline; with a red dot when something needs a person. */
export function trayIcon({ edge, dot }: { readonly edge: number; readonly dot: boolean }): NativeImage {
  const image = nativeImage.createEmpty()
  for (const scaleFactor of sizes) {
    const width = edge * scaleFactor
    const buffer = draw(width, (x, y) => pixel(x, y, dot))
    image.addRepresentation({ scaleFactor, width, height: width, buffer: toPng(buffer, width) })
  }
  return image
}

/** A red dot alone, for the corner of the taskbar's icon. */
export function dotIcon(edge: number): NativeImage {
  return nativeImage.createFromBitmap(
    draw(edge, (x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.45 ? red : clear)),
    { width: edge, height: edge },
  )
}

function pixel(x: number, y: number, dot: boolean): Colour {
  if (dot && Math.hypot(x - 0.82, y - 0.2) < 0.2) return red
  if (bars.some(([from, to, at]) => x >= from && x <= to && Math.abs(y - at) <= thickness / 2)) return white
  return isInRoundedSquare(x, y) ? blue : clear
}

function isInRoundedSquare(x: number, y: number): boolean {
  const radius = 0.22
  const dx = Math.max(radius - x, x - (1 - radius), 0)
  const dy = Math.max(radius - y, y - (1 - radius), 0)
  return Math.hypot(dx, dy) <= radius && x >= 0.04 && x <= 0.96 && y >= 0.04 && y <= 0.96
}

/** So many points by so many make a pixel, so that edges are smooth. */
const points = 4

/** A bitmap as the system wants it: blue, green, red, opacity, the colours weakened by the opacity. */
function draw(edge: number, at: (x: number, y: number) => Colour): Buffer {
  const bytes = Buffer.alloc(edge * edge * 4)
  for (let index = 0; index < edge * edge; index++) {
    const sum = [0, 0, 0, 0]
    for (let point = 0; point < points * points; point++) {
      const x = ((index % edge) + ((point % points) + 0.5) / points) / edge
      const y = (Math.floor(index / edge) + (Math.floor(point / points) + 0.5) / points) / edge
      const [r, g, b, a] = at(x, y)
      for (const [part, value] of [(b * a) / 255, (g * a) / 255, (r * a) / 255, a].entries())
        sum[part] = (sum[part] ?? 0) + value / (points * points)
    }
    bytes.set(sum, index * 4)
  }
  return bytes
}

function toPng(bitmap: Buffer, edge: number): Buffer {
  return nativeImage.createFromBitmap(bitmap, { width: edge, height: edge }).toPNG()
}
