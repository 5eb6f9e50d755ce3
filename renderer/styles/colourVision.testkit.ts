/** A colour as its parts of light, red, green and blue, from 0 to 1. */
export type Light = readonly [number, number, number]

/** How people who see no green, or no red, see a colour: Machado, Oliveira and Fernandes 2009, full severity. */
export const visions: Readonly<Record<string, readonly [Light, Light, Light]>> = {
  'full colour': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
}

/** The light of a colour such as `#1b2c3d`. */
export function toLight(colour: string): Light {
  const part = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

/** The contrast of two colours by WCAG 2, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, bright = 0] = [one, other].map((colour) => luminance(toLight(colour))).sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

/** How different two colours look to somebody with this vision: CIEDE2000, where 1 can just be seen. */
export function differenceOf(one: string, other: string, vision: readonly [Light, Light, Light]): number {
  return deltaE(toLab(see(toLight(one), vision)), toLab(see(toLight(other), vision)))
}

type Lab = readonly [lightness: number, a: number, b: number]

function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function see(light: Light, vision: readonly [Light, Light, Light]): Light {
  const [red, green, blue] = vision.map((row) => Math.min(1, Math.max(0, dot(row, light))))
  return [red ?? 0, green ?? 0, blue ?? 0]
}

function dot(row: Light, light: Light): number {
  return row[0] * light[0] + row[1] * light[1] + row[2] * light[2]
}

/** CIE 1976 L*a*b* under D65. */
function toLab(light: Light): Lab {
  const bend = (value: number): number =>
    value > 216 / 24389 ? Math.cbrt(value) : (value * 24389) / 27 / 116 + 16 / 116
  const x = bend(dot([0.4124564, 0.3575761, 0.1804375], light) / 0.95047)
  const y = bend(dot([0.2126729, 0.7151522, 0.072175], light))
  const z = bend(dot([0.0193339, 0.119192, 0.9503041], light) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** CIEDE2000 with all weights 1 (Sharma, Wu and Dalal 2005). */
function deltaE([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const radians = Math.PI / 180
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const stretch = 1.5 - 0.5 * Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7))
  const [c1, c2] = [Math.hypot(a1 * stretch, b1), Math.hypot(a2 * stretch, b2)]
  const hueOf = (a: number, b: number): number => (Math.atan2(b, a * stretch) / radians + 360) % 360
  const [h1, h2] = [hueOf(a1, b1), hueOf(a2, b2)]
  const grey = c1 * c2 === 0
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180
  const hue = grey ? h1 + h2 : (h1 + turn / 2 + 360) % 360
  const [lightness, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const byHue =
    1 -
    0.17 * Math.cos((hue - 30) * radians) +
    0.24 * Math.cos(2 * hue * radians) +
    0.32 * Math.cos((3 * hue + 6) * radians) -
    0.2 * Math.cos((4 * hue - 63) * radians)
  const away = (lightness - 50) ** 2
  const dl = (l2 - l1) / (1 + (0.015 * away) / Math.sqrt(20 + away))
  const dc = (c2 - c1) / (1 + 0.045 * chroma)
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * radians)) / (1 + 0.015 * chroma * byHue)
  const rotation =
    -2 *
    Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)) *
    Math.sin(60 * Math.exp(-(((hue - 275) / 25) ** 2)) * radians)
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh)
}
