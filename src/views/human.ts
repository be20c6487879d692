import type { PlanFile } from '../core/planFile.ts'
import { failuresIn, type ReportedFailure } from './errors/failure.ts'
import { failureText } from './errors/failureText.ts'
import { outputsText } from './outputsText.ts'
import { planText } from './plan/text.ts'
import { type EventDisplay, list, log } from './progress/eventDisplay.ts'
import { watch as realWatch, type Watch } from './progress/progress.ts'
import { diagnosisText, proofText } from './proofText.ts'
import { report } from './report.ts'
import { statusText } from './status/text.ts'
import { diagnosticLines, paragraph } from './terminal/line.ts'
import { type GivenFlags, repeating, withFlags } from './terminal/repeatFlags.ts'
import { type Style, style as styleOf } from './terminal/style.ts'
import type { PlanPurpose, Terminal, View } from './view.ts'

export interface ViewOptions {
  /** Only results and errors. */
  readonly quiet: boolean
  readonly verbose: boolean
  readonly watch?: Watch
  /** The user's flags, for commands named in hints. */
  readonly flags?: GivenFlags
}

/** What people see. Results go to stdout; progress, remarks and failures to stderr. */
export function human(terminal: Terminal, { quiet, verbose, watch = realWatch, flags = noFlags }: ViewOptions): View {
  const repeat = repeating(flags)
  const style = styleOf(terminal, repeat)
  const told = report(style, quiet)
  const happening = progressOf(terminal, { style, watch, verbose })
  const print = (write: (text: string) => void, lines: readonly string[]): void => {
    if (lines.length > 0) happening.around(() => write(lines.map((line) => `${line}\n`).join('')))
  }
  const isNews = onlyOnce()
  let purpose: PlanPurpose = 'apply'
  return {
    plan: (plan, next = 'hma apply') => print(terminal.out, planText(withFlags(plan, repeat), 'apply', style, next)),
    proposal(plan, given, outlook) {
      purpose = given
      told.shown(plan)
      happening.expect(deploymentsWithChanges(plan))
      const below = outlook === undefined ? [] : paragraph(repeat(outlook), style.columns, 0)
      print(terminal.out, [...planText(withFlags(plan, repeat), given, style), ...below])
    },
    event(event) {
      told.take(event)
      if (!quiet) happening.show(event)
    },
    summary(tally) {
      happening.close()
      print(terminal.err, told.failures(verbose))
      print(terminal.out, told.ending(tally, purpose))
    },
    outputs: (outputs, name) => print(terminal.out, outputsText(outputs, name, style)),
    proofs: (proofs) => print(terminal.out, proofText(withFlags(proofs, repeat), style)),
    statuses: (statuses) => print(terminal.out, statusText(withFlags(statuses, repeat), style)),
    diagnosis: (_data, groups) => print(terminal.out, diagnosisText(withFlags(groups, repeat), style)),
    text: (text) => happening.around(() => terminal.out(text)),
    result: (_data, text) => happening.around(() => terminal.out(text)),
    mistakes: (_data, text) => print(terminal.out, diagnosticLines(text.trimEnd(), style.screenColumns)),
    annotate: (commands) => happening.around(() => terminal.annotate(commands.join(''))),
    note: (message) => (quiet ? undefined : print(terminal.err, paragraph(repeat(message), style.columns, 0))),
    error: (error) =>
      print(
        terminal.err,
        failuresIn(error)
          .filter(isNews)
          .flatMap((one) => failureText(withFlags(one, repeat), style, verbose)),
      ),
    busy: (doing, detail) => (quiet ? undefined : happening.busy(doing, detail)),
    idle: happening.idle,
    aside: happening.around,
    close: happening.close,
  }
}

/** A failure that explains itself wherever it occurs, such as a missing sign-in to a tenant, is shown once. */
function onlyOnce(): (one: ReportedFailure) => boolean {
  const said = new Set<string>()
  return ({ oneLine, message }) => !oneLine || (!said.has(message) && said.add(message).size > 0)
}

const noFlags: GivenFlags = { file: [], only: [], sandbox: false }

const progressOf = (terminal: Terminal, manner: { style: Style; watch: Watch; verbose: boolean }): EventDisplay =>
  terminal.live && !manner.verbose ? list(terminal, manner.style, manner.watch) : log(terminal, manner)

const deploymentsWithChanges = ({ deployments }: PlanFile): readonly string[] =>
  deployments.flatMap(({ changes }) => changes.flatMap(({ action, address }) => (action === 'none' ? [] : [address])))
