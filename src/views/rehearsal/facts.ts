import type { DeploymentReport, Task, Verdict } from '../../rehearsal/report.ts'
import type { UsedRight } from '../../rehearsal/rights.ts'
import type { RehearsedRun } from '../../rehearsal/run.ts'
import type { Outage } from '../../rehearsal/year.ts'
import { moment } from '../moment.ts'

/** The results of a rehearsal, in the words that every format of its report uses. */
export const verdicts: Readonly<Record<Verdict, string>> = {
  holds: 'nothing broke',
  breaks: 'something would break',
  differs: 'the rehearsed change is not the one for the tenant',
  person: 'manual action needed first',
}

export const date = (instant: string): string => instant.slice(0, 10)

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const applyText = ({ changes, failures, waiting }: RehearsedRun): string => {
  if (changes.length === 0 && waiting.length > 0) return 'waits for manual action'
  if (changes.length === 0 && failures.length === 0) return 'nothing to do'
  const count = plural(changes.length, 'change')
  return failures.length > 0 ? `${count}; it fails` : `${count}; a second apply finds nothing to do`
}

/** What a run did, on one line. */
export const runText = ({ changes, failures, waiting }: RehearsedRun): string => {
  const done = changes.map(({ address, action, reason }) => {
    const name = address.split('/').slice(1).join('/') || address
    return `${action} ${name}${reason === undefined || reason === 'differs' ? '' : ` (${reason})`}`
  })
  const waits = waiting.map(({ address }) => `waits for manual action: ${address}`)
  return [...done, ...failures.map(({ address, text }) => `FAILED ${address}: ${text}`), ...waits].join(', ')
}

export const taskText = ({ since, address, text }: Task): string => `${date(since)}  ${address}: ${text}`

export const outageText = ({ from, to, why }: Outage): string =>
  `sign-in broken from ${moment(from)} ${to === undefined ? 'to the end of the rehearsal' : `to ${moment(to)}`}: ${why}`

const states = { present: 'you have', missing: 'you lack', unknown: 'could not be read whether you have' } as const

/** Missing rights first, then unknown ones; rights held are counted, and listed only if there is room. */
export function rightsTexts(rights: readonly UsedRight[], all: boolean): readonly string[] {
  const of = (status: UsedRight['status']) => rights.filter((one) => one.status === status)
  const text = ({ right, kind, at, status, writes }: UsedRight): string =>
    `${states[status]} ${right} (${kind}, ${at}): ${writes.map((address) => address.split('/')[1]).join(', ')}`
  const present = of('present')
  const told = [...of('missing'), ...of('unknown'), ...(all ? present : [])].map(text)
  return rights.length === 0 ? [] : [`you have ${present.length} of the ${rights.length} that the writes used`, ...told]
}

/** One line of a report: what was rehearsed, whether it succeeded, and what happened. */
export interface Line {
  readonly name: string
  readonly ok: boolean
  readonly text: string
  readonly details: readonly string[]
}

function planText({ plan, planCompared, planDiffers }: DeploymentReport): string {
  const count = plan.length === 0 ? 'nothing to do' : plural(plan.length, 'change')
  if (!planCompared) return `${count}; not compared, since no plan for the tenant could be made`
  return planDiffers.length === 0 ? `the same on the copy: ${count}` : 'not the same on the copy, so what follows proves nothing'
}

export function linesOf(report: DeploymentReport): readonly Line[] {
  const { apply, faults, year, absence, planDiffers } = report
  return [
    {
      name: 'plan',
      ok: planDiffers.length === 0,
      text: planText(report),
      details: planDiffers,
    },
    {
      name: 'apply',
      ok: apply.failures.length + apply.broke.length === 0,
      text: applyText(apply),
      details: [...apply.failures.map(({ address, text }) => `${address}: ${text}`), ...apply.broke],
    },
    {
      name: 'faults',
      ok: faults.broken.length === 0,
      text: `${plural(faults.schedules, 'schedule')} on the run of ${date(faults.at)}, ${faults.broken.length} ended badly`,
      details: faults.broken.map(({ seed, broke, left }) => `schedule ${seed}: ${[...broke, ...left].join('; ')}`),
    },
    {
      name: 'year',
      ok: year.outages.length === 0 && year.runs.every(({ failures }) => failures.length === 0),
      text: `a run every ${everyText(year.everyHours)}, ${date(year.from)} to ${date(year.to)}: ${plural(year.runs.length, 'run')} with work, ${plural(year.outages.length, 'outage')}`,
      details: year.outages.map(outageText),
    },
    ...(absence
      ? [
          {
            name: 'absence',
            ok: absence.outages.length === 0,
            text: `no run for ${plural(absence.days, 'day')}: ${plural(absence.outages.length, 'outage')}`,
            details: absence.outages.map(outageText),
          },
        ]
      : []),
  ]
}

const everyText = (hours: number): string => (hours % 24 === 0 ? (hours === 24 ? 'day' : `${hours / 24} days`) : `${hours} hours`)
