import type { Event } from '../core/apply.ts'
import type { PlanFile } from '../core/planFile.ts'
import { failuresIn } from './errors/failure.ts'
import { failureText } from './errors/failureText.ts'
import { manualCount } from './manualCount.ts'
import { harmless, paragraph, wrap } from './terminal/line.ts'
import { withFlags } from './terminal/repeatFlags.ts'
import type { Style } from './terminal/style.ts'
import type { PlanPurpose, Tally } from './view.ts'

/** The summary at the end of an apply: causes with their consequences, and what a person has to do. */
export interface Report {
  /** The plan shown before: if nothing has changed since, its instructions are not repeated. */
  shown(plan: PlanFile): void
  take(event: Event): void
  /** For stderr: each failure, and what was skipped because of it. */
  failures(verbose: boolean): readonly string[]
  /** For stdout: what is waiting, the counts, the next step. */
  ending(tally: Tally, purpose: PlanPurpose): readonly string[]
}

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>

/** With `quiet` it ends with the counts. */
export function report(style: Style, quiet: boolean): Report {
  const failed: Of<'failed'>[] = []
  const skipped: Of<'skipped'>[] = []
  const known = new Set<string>()
  const steps = new Map<string, Step>()
  let created = false
  return {
    shown(plan) {
      for (const { changes } of plan.deployments) for (const { instructions } of changes) known.add(instructions ?? '')
    },
    take(event) {
      note(steps, event)
      if (event.type === 'started') known.clear()
      else if (event.type === 'failed') failed.push(event)
      else if (event.type === 'skipped') skipped.push(event)
      else if (event.type === 'done') created ||= event.action === 'create'
    },
    failures: (verbose) => failed.flatMap((event) => [...failure(event, skipped, style, verbose), '']),
    ending: (tally, purpose) => [
      ...tasks(skipped).flatMap(([text, addresses]) => (known.has(text) ? [] : [...task(text, addresses, skipped, style), ''])),
      ...(tally.interrupted ? [...stepStates(steps, style), ''] : []),
      ...count(tally, purpose, style),
      ...(quiet ? [] : next(tally, purpose, created)).flatMap((line) => wrap(style.repeat(line), style.columns)),
    ],
  }
}

type Step = 'done' | 'started, not finished' | 'not started' | 'failed'

function note(steps: Map<string, Step>, event: Event): void {
  const { type, address } = event
  if (type === 'started') steps.set(address, 'started, not finished')
  else if (type === 'done' || type === 'failed') steps.set(address, type)
  else if (type === 'skipped' && !event.waiting && !steps.has(address)) steps.set(address, 'not started')
}

/** How far each step had come when hma was told to stop. */
function stepStates(steps: ReadonlyMap<string, Step>, { columns }: Style): readonly string[] {
  const of = (wanted: Step): string => [...steps].flatMap(([address, step]) => (step === wanted ? [address] : [])).join(', ')
  const told = (['done', 'started, not finished', 'not started'] as const).filter((step) => of(step) !== '')
  return told.flatMap((step) => paragraph(`${step.charAt(0).toUpperCase()}${step.slice(1)}: ${of(step)}`, columns, 0))
}

/** Manual actions, each with the steps that wait for it. */
function tasks(skipped: readonly Of<'skipped'>[]): readonly (readonly [string, readonly string[]])[] {
  const texts = new Map<string, string[]>()
  for (const { waiting, because, address } of skipped) if (waiting) texts.set(because, [...(texts.get(because) ?? []), address])
  return [...texts]
}

const consequences = (of: string, skipped: readonly Of<'skipped'>[]): readonly string[] =>
  skipped.filter(({ waiting, because }) => !waiting && because.split(', ').includes(of)).map(({ address }) => harmless(address))

function failure({ address, error }: Of<'failed'>, skipped: readonly Of<'skipped'>[], style: Style, verbose: boolean) {
  const lost = consequences(address, skipped)
  return [
    ...failuresIn(error).flatMap((told) =>
      failureText({ ...withFlags(told, style.repeat), addresses: [address] }, style, verbose),
    ),
    ...(lost.length > 0 ? paragraph(`Skipped because of it: ${lost.join(', ')}`, style.columns, 7) : []),
  ]
}

function task(text: string, addresses: readonly string[], skipped: readonly Of<'skipped'>[], style: Style): readonly string[] {
  const lost = [...new Set(addresses.flatMap((address) => consequences(address, skipped)))]
  const [first = '', ...more] = paragraph(addresses.join(', '), style.columns, 2)
  return [
    `${style.paint.magenta('!')} ${style.paint.bold(first.trimStart())}`,
    ...more.map(style.paint.bold),
    ...paragraph(style.repeat(text), style.columns, 4),
    ...(lost.length > 0 ? paragraph(`Also waiting: ${lost.join(', ')}`, style.columns, 4) : []),
  ]
}

const verbs = { apply: 'Applied', adopt: 'Adopted', remove: 'Removed' } as const
const commands = { apply: 'hma apply', adopt: 'hma adopt', remove: 'hma destroy' } as const

function count({ done, failed, skipped, waiting, interrupted }: Tally, purpose: PlanPurpose, style: Style): readonly string[] {
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(waiting > 0 ? [manualCount(waiting)] : []),
    ...(done > 0 ? [`${done} done`] : []),
  ]
  if (parts.length === 0) return []
  const verb = failed > 0 || done === 0 ? '' : `${verbs[purpose]}: `
  const start = interrupted ? 'Interrupted: ' : verb
  return wrap(`${start}${parts.join(', ')}.`, style.columns).map(style.paint.bold)
}

function next({ failed, skipped, waiting }: Tally, purpose: PlanPurpose, created: boolean): readonly string[] {
  const command = commands[purpose]
  if (failed > 0) return [`Run \`${command}\` again once the cause is fixed. It continues where it stopped.`]
  if (waiting > 0) return [`Run \`${command}\` again when that is done.`]
  if (skipped > 0) return [`Run \`${command}\` again. It continues where it stopped.`]
  return created ? ['Run `hma verify` to prove that sign-in works.'] : []
}
