import { createBreath } from '../files/breath'
import type { Journal, LinePlace } from '../files/journal'
import { type FileLine, wholeLineBytes } from '../files/lineReader'

/** Lines that stand close together are read in one go. */
const spanBytes = 1024 * 1024
const gapBytes = 64 * 1024

/** Reads lines of a journal once more, oldest first, giving up the thread every 12 ms. Very long ones are cut as ever. */
export async function readPlaces<Place extends LinePlace>(
  journal: Pick<Journal, 'readBytes' | 'scan'>,
  places: readonly Place[],
  onLine: (line: FileLine, place: Place) => void,
): Promise<void> {
  const breath = createBreath(1)
  for (let first = 0; first < places.length; ) {
    const from = places[first]
    if (!from) return
    if (from.length > wholeLineBytes) {
      const to = from.offset + from.length + 1
      await journal.scan({ from: from.offset, to, onLine: (line) => onLine(line, from) })
      first++
      continue
    }
    let last = first
    let end = from.offset + from.length
    for (let next = places[last + 1]; next; next = places[last + 1]) {
      if (next.offset > end + gapBytes || next.offset + next.length > from.offset + spanBytes) break
      end = next.offset + next.length
      last++
    }
    const bytes = await journal.readBytes({ offset: from.offset, length: end - from.offset })
    for (; first <= last; first++) {
      const place = places[first]
      if (!place) return
      const start = place.offset - from.offset
      onLine({ ...place, bytes, start, end: start + place.length, cut: false }, place)
      const pause = breath()
      if (pause) await pause
    }
  }
}
