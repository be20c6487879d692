import type { Command as Commander } from 'commander'
import type { Examination } from '../../session/examination.ts'
import type { Exploration, Site } from '../../session/explore.ts'
import type { Rehearsal } from '../../session/rehearsal.ts'
import type { Options, Session } from '../../session/session.ts'
import type { Environment } from '../../views/terminal/terminal.ts'
import type { Terminal, View } from '../../views/view.ts'
import type { SandboxControl } from './commandContext.ts'

/** What a command may use. `open`, `explore` and `control` load things only when called. */
export interface CommandContext {
  readonly options: Options
  readonly view: View
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly environment: Environment
  readonly directory: string
  open(): Promise<Session>
  explore(site: Site): Promise<Exploration>
  examine(): Promise<Examination>
  rehearsal(): Promise<Rehearsal>
  control(): Promise<SandboxControl>
}

/** A command with its arguments bound. Returns the exit code. */
export type Command = (context: CommandContext) => Promise<number>

export type Add = (signature: string, summary: string, parent?: Commander) => Commander
export type Start = (command: Commander, work: Command) => Promise<void>
