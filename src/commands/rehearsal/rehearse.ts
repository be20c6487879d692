import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { HmaError } from '../../core/errors.ts'
import { day } from '../../core/time.ts'
import { fileProblem } from '../../files/problem.ts'
import type { CopiedDeployment, Snapshot } from '../../rehearsal/format.ts'
import { rehearse as play, type RehearsalOptions } from '../../rehearsal/rehearse.ts'
import type { DeploymentReport, RehearsalReport } from '../../rehearsal/report.ts'
import type { Rehearsal } from '../../session/rehearsal.ts'
import { rehearsalText } from '../../views/rehearsal/text.ts'
import type { View } from '../../views/view.ts'
import { duration } from '../duration.ts'
import { exit } from '../exitCode.ts'
import { demandOneFormat, showWithPage } from '../files/page.ts'
import { replaceFile } from '../files/replace.ts'

export interface RehearseArguments {
  /** Where to save the copy. */
  readonly save?: string
  /** A saved copy to use instead of a new one. */
  readonly from?: string
  readonly schedules?: number
  readonly every?: string
  readonly absent?: string
  readonly markdown?: boolean
  readonly html?: string
  readonly json: boolean
}

interface Place {
  readonly view: View
  readonly directory: string
  readonly signal: AbortSignal
  rehearsal(): Promise<Rehearsal>
}

/** `hma rehearse`: runs an apply and the renewals of a year on a copy. Nothing is written to Azure. */
export async function rehearse(place: Place, asked: RehearseArguments): Promise<number> {
  const programme = optionsOf(asked)
  const rehearsal = await place.rehearsal()
  const snapshot = await snapshotFor(place, rehearsal, asked)
  const deployments = await playAll(place, rehearsal, snapshot, programme)
  const { takenAt } = snapshot
  const report: RehearsalReport = { formatVersion: '1.0', hmaVersion: rehearsal.version, takenAt, deployments }
  await show(place, report, asked)
  const failed = deployments.some(({ verdict }) => verdict === 'breaks' || verdict === 'differs')
  if (rehearsal.unusable > 0 || failed) return exit.failed
  return deployments.some(({ verdict }) => verdict === 'person') ? exit.person : exit.done
}

function optionsOf({
  schedules = 50,
  every = '1d',
  absent,
  json,
  markdown,
  html,
  save,
  from,
}: RehearseArguments): RehearsalOptions {
  demandOneFormat(html, { '--json': json, '--markdown': markdown })
  if (save !== undefined && from !== undefined)
    throw new HmaError('HMA112', 'Choose --save or --from', { hint: '--save takes a new copy, --from uses a saved one.' })
  const interval = duration(every)
  if (interval > 365 * day || interval < day / 24)
    throw new HmaError('HMA112', `--every ${every} is not between an hour and a year`, { hint: 'For example --every 1d.' })
  return { schedules, every: interval, ...(absent !== undefined && { absent: duration(absent) }) }
}

async function snapshotFor(
  { view, directory }: Place,
  rehearsal: Rehearsal,
  { save, from }: RehearseArguments,
): Promise<Snapshot> {
  if (from !== undefined) {
    const { readSnapshot } = await import('../../rehearsal/snapshot.ts')
    return readSnapshot(await textOf(resolve(directory, from), from), from)
  }
  view.note('Copying what hma can see. Nothing is written to Azure.')
  const snapshot = await rehearsal.copy()
  if (save !== undefined) {
    await replaceFile(resolve(directory, save), `${JSON.stringify(snapshot, null, 2)}\n`, 'copy')
    view.note(`Copy saved to ${save}. It holds no secrets.`)
  }
  return snapshot
}

const textOf = (path: string, name: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new HmaError('HMA114', `${name} cannot be read: ${fileProblem(cause)}`, { hint: 'Check the path of --from.', cause })
  })

async function playAll(
  { view, signal }: Place,
  rehearsal: Rehearsal,
  { deployments }: Snapshot,
  programme: RehearsalOptions,
): Promise<readonly DeploymentReport[]> {
  const reports: DeploymentReport[] = []
  for (const name of rehearsal.names) {
    signal.throwIfAborted()
    const copied = deployments.find((one) => one.name === name)
    if (!copied) throw notCopied(name, deployments)
    view.note(`${name}: apply without faults`)
    const rehearsed = await rehearsal.prepare(copied)
    if (rehearsed) reports.push(await play(rehearsed, copied, programme, { signal, note: (message) => view.note(message) }))
  }
  return reports
}

const notCopied = (name: string, known: readonly CopiedDeployment[]): HmaError =>
  new HmaError('HMA116', `The copy has no deployment "${name}". It has: ${known.map((one) => one.name).join(', ') || 'none'}`, {
    hint: 'Choose with --only, or take a new copy with --save.',
  })

async function show({ view, directory }: Place, report: RehearsalReport, { markdown, html }: RehearseArguments): Promise<void> {
  const print = markdown ? (await import('../../views/rehearsal/markdown.ts')).rehearsalMarkdown : undefined
  const page = async (): Promise<string> => (await import('../../views/rehearsal/html.ts')).rehearsalHtml(report)
  await showWithPage(view, directory, { html, page, saved: `Report saved to ${html}. Open it in a browser.` }, () =>
    print ? view.text(print(report)) : view.result(report, rehearsalText(report)),
  )
}
