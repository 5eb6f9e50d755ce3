import { type NativeImage, nativeImage } from 'electron'
import { type Colour, drawPixels, markColour } from './mark'

const red: Colour = [214, 48, 49, 255]
const clear: Colour = [0, 0, 0, 0]
const sizes = [1, 2, 3]

/** The icon of the tray: the mark, with a red dot when something needs a person. */
export function trayIcon({ edge, dot }: { readonly edge: number; readonly dot: boolean }): NativeImage {
  const image = nativeImage.createEmpty()
  for (const scaleFactor of sizes) {
    const width = edge * scaleFactor
    const buffer = draw(width, (x, y) => (dot && Math.hypot(x - 0.82, y - 0.2) < 0.2 ? red : markColour(x, y, width)))
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

/** A bitmap as the system wants it: blue, green, red, opacity, the colours weakened by the opacity. */
function draw(edge: number, at: (x: number, y: number) => Colour): Buffer {
  const bytes = Buffer.alloc(edge * edge * 4)
  for (const [index, [red, green, blue, opacity]] of drawPixels(edge, at).entries())
    bytes.set([...[blue, green, red].map((part) => (part * opacity) / 255), opacity], index * 4)
  return bytes
}

function toPng(bitmap: Buffer, edge: number): Buffer {
  return nativeImage.createFromBitmap(bitmap, { width: edge, height: edge }).toPNG()
}
