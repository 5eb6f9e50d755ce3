import type { Command } from 'commander'
import type { CommandContext } from './runCli'
import type { SourceContext } from './sourceOptions'

/** What the parts of the program are declared with. */
export interface Declaring {
  /** A command with the options that all take. */
  readonly command: (name: string, description: string) => Command
  /** What a command does on this machine and, where it can, for the runs of a remote source. */
  readonly acting: <A extends readonly unknown[]>(
    action: (context: CommandContext, ...args: A) => Promise<number>,
    remote?: (context: SourceContext, ...args: A) => Promise<number>,
  ) => (...args: readonly unknown[]) => Promise<void>
}
