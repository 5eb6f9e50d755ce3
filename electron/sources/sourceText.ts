import type { SourcePayload } from '../../shared/sourceRuns'

/** A value's text, cut at so many bytes between two characters. */
export function cutText(
  text: string,
  { maxBytes, isJson }: { readonly maxBytes: number; readonly isJson: boolean },
): SourcePayload {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return { text, isJson, bytes, cut: false }
  const head = Buffer.from(text.slice(0, maxBytes)).subarray(0, maxBytes)
  return { text: wholeCharacters(head), isJson, bytes, cut: true }
}

/** UTF-8 without a last character of which bytes are missing. */
function wholeCharacters(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes, { stream: true })
}
