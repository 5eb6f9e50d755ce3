import { z } from 'zod'

export const logStreams = ['stdout', 'stderr'] as const
export type LogStream = (typeof logStreams)[number]

export const logFilters = ['all', ...logStreams] as const
export type LogFilter = (typeof logFilters)[number]

/** A page of a log. `nextOffset` never stands inside a character. */
export const logPageSchema = z.object({
  text: z.string(),
  nextOffset: z.number().int(),
  sizeBytes: z.number().int(),
  found: z.boolean(),
  /** The page's streams in order, each with its number of bytes; together they are the page. */
  streams: z.array(z.tuple([z.enum(logStreams), z.number().int()])),
})
export type LogPage = z.infer<typeof logPageSchema>

export const logLineSchema = z.object({
  /** Counts from 1. */
  number: z.number().int(),
  /** Of its first byte in the log. */
  offset: z.number().int(),
  /** Of its first byte. */
  stream: z.enum(logStreams),
  /** Without its end, cut after 16 KiB. */
  text: z.string(),
  cut: z.boolean(),
})

/** Some lines of a log, or of one of its streams. */
export const logLinesSchema = z.object({
  lines: z.array(logLineSchema),
  /** How many lines, of the asked stream, are known by now; `complete` when that is all of them. Ask again while it is not. */
  totalLines: z.number().int(),
  complete: z.boolean(),
  sizeBytes: z.number().int(),
  found: z.boolean(),
})
export type LogLines = z.infer<typeof logLinesSchema>

/** What is looked for in a log. */
export const logQuerySchema = z.object({
  query: z.string().max(1000),
  regex: z.boolean(),
  caseSensitive: z.boolean(),
  limit: z.number().int().min(0).max(500).default(500),
  /** So many hits are counted, but not told, before the first that is. */
  skip: z.number().int().min(0).default(0),
  /** Only what begins in this stream counts. */
  stream: z.enum(logFilters).default('all'),
})
export type LogQuery = z.infer<typeof logQuerySchema>

/** What was found. Nothing is found across the end of a line. */
export const logHitsSchema = z.object({
  /** How often it occurs, exactly, however many of them `first` tells. */
  hits: z.number().int(),
  /** The first ones: byte offset in the log, line from 1, `row` among the lines of the stream, and the text around it. */
  first: z.array(
    z.object({ offset: z.number().int(), line: z.number().int(), row: z.number().int(), text: z.string() }),
  ),
  /** Where the first line begins that speaks of an error, else the first line of stderr. */
  firstErrorOffset: z.number().int().nullable(),
  firstErrorLine: z.number().int().nullable(),
  firstErrorRow: z.number().int().nullable(),
  sizeBytes: z.number().int(),
  /** True when `hits` may be too few: an expression was matched against pieces of a line of more than 1 MiB. */
  truncated: z.boolean(),
  found: z.boolean(),
})
export type LogHits = z.infer<typeof logHitsSchema>
