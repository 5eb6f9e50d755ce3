import { crc32, deflateSync } from 'node:zlib'
import { drawPixels, markColour } from './mark'

/** The mark as a PNG of so many px (https://www.w3.org/TR/png-3/). */
export function markPng(edge: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(edge, 0)
  header.writeUInt32BE(edge, 4)
  header.set([8, 6], 8) // Eight bits for each of red, green, blue and opacity.
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(markRows(edge), { level: 9 })
  return Buffer.concat([signature, part('IHDR', header), part('IDAT', pixels), part('IEND', Buffer.alloc(0))])
}

/** The pixels of the mark, each row behind the sign that nothing was done to it. */
function markRows(edge: number): Buffer {
  const bytes = Buffer.alloc(edge * (edge * 4 + 1))
  for (const [index, colour] of drawPixels(edge, (x, y) => markColour(x, y, edge)).entries())
    bytes.set(colour.map(Math.round), Math.floor(index / edge) * (edge * 4 + 1) + 1 + (index % edge) * 4)
  return bytes
}

function part(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
