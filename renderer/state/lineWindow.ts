/** Browsers end an element's height near 33,500,000 px. */
const mostHeight = 30_000_000
const overscan = 10

/** Which of very many lines are on the screen, and where. */
export interface LineWindow {
  /** The first and the last row to draw, from 0; `last` is below `first` when there is none. */
  readonly first: number
  readonly last: number
  /** Where the first drawn row stands, and the height of everything, in px. */
  readonly top: number
  readonly height: number
  /** Does the last line show? */
  readonly atEnd: boolean
}

interface Lines {
  readonly count: number
  /** In px, as what follows. */
  readonly rowHeight: number
  /** Of what is seen. */
  readonly height: number
}

/** The lines that show when a list is scrolled to `scrollTop`. Beyond what a page can be high the bar moves by more than it shows. */
export function lineWindow({ scrollTop, ...lines }: Lines & { readonly scrollTop: number }): LineWindow {
  const { count, rowHeight } = lines
  const { whole, height, ratio } = measure(lines)
  const place = scrollTop * ratio
  const first = Math.max(0, Math.floor(place / rowHeight) - overscan)
  return {
    first,
    last: Math.min(count - 1, Math.ceil((place + lines.height) / rowHeight) + overscan),
    top: scrollTop - (place - first * rowHeight),
    height,
    atEnd: place + lines.height >= whole - rowHeight,
  }
}

/** Where to scroll so that a row, from 0, is in the middle, or the end in sight when there is no such row. */
export function scrollTopOf(row: number, lines: Lines): number {
  const { count, rowHeight } = lines
  const { height, ratio } = measure(lines)
  return row >= count - 1 ? height : Math.max(0, row * rowHeight - (lines.height - rowHeight) / 2) / ratio
}

function measure({ count, rowHeight, height: seen }: Lines) {
  const whole = count * rowHeight
  const height = Math.min(whole, mostHeight)
  return { whole, height, ratio: whole <= mostHeight ? 1 : (whole - seen) / Math.max(1, height - seen) }
}
