/** What a victim is to do, and where it is to die. */
export interface Plan {
  readonly scenario: string
  readonly dir: string
  /** Unique among all victims of the folder. */
  readonly life: string
  /** How many changes; null: until it is killed from outside, with nothing between it and the disk. */
  readonly changes: number | null
  readonly dieAt: KillPoint | null
}

/** A disk call of a victim, counted from 0, that kills it, and how much of a write still reaches the file. */
export interface KillPoint {
  readonly call: number
  readonly kind: string
  readonly done: 'nothing' | 'half' | 'all but a byte'
}
