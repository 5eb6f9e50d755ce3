/** What stands in the gap of a text: a number, or what was written elsewhere. */
export type Part = string | number
