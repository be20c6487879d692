import { blocks, type Change, feasible } from '../../core/plan.ts'
import type { DeploymentPlan, PlanFile, Summary } from '../../core/planFile.ts'
import { manualCount } from '../manualCount.ts'
import { harmless, paragraph, width, wrap } from '../terminal/line.ts'
import { remarksText } from '../terminal/remarksText.ts'
import type { Style } from '../terminal/style.ts'
import type { PlanPurpose } from '../view.ts'
import { whereLines } from '../where.ts'
import { changeText, titled } from './changeText.ts'
import { localAddress } from './value.ts'

/** A plan for people, deployment by deployment. `next` is the command that would carry it out, if there is one to name. */
export function planText(plan: PlanFile, purpose: PlanPurpose, style: Style, next?: string): readonly string[] {
  const eventful = plan.deployments.filter((one) => hasContent(one) || (plan.deployments.length === 1 && one.where !== undefined))
  return [...eventful.flatMap((one) => [...deployment(one, purpose, style), '']), ...closing(plan, purpose, style, next)]
}

/** There are changes or remarks. */
export const hasContent = ({ changes, remarks = [] }: DeploymentPlan): boolean =>
  changes.some(({ action }) => action !== 'none') || remarks.length > 0

function deployment(
  { name, where, changes, remarks = [] }: DeploymentPlan,
  purpose: PlanPurpose,
  style: Style,
): readonly string[] {
  const todo = changes.filter(({ action }) => action !== 'none')
  const room = Math.max(...todo.map((change) => width(titled(change, name))))
  const calm = changes.length - todo.length
  const fold = `  ${calm} ${purpose === 'apply' ? 'unchanged' : 'left alone'}`
  return [
    style.paint.bold(harmless(name)),
    ...whereLines(where, style),
    ...(todo.length > 0 ? [''] : []),
    ...saidOnce(todo).flatMap((change) => changeText(change, name, style, room)),
    ...(calm > 0 ? (purpose === 'remove' ? leftAlone(changes, name, style) : [style.paint.dim(fold)]) : []),
    ...remarksText(remarks, name, style),
  ]
}

/** The resources that a removal leaves alone: absent ones, and those that hma did not create. */
function leftAlone(changes: readonly Change[], name: string, style: Style): readonly string[] {
  const names = changes.filter(({ action }) => action === 'none').map(({ address }) => localAddress(address, name))
  return paragraph(`Left alone: ${names.join(', ')}`, style.columns, 2).map(style.paint.dim)
}

/** Adjacent changes with the same instructions show them once, at the last. */
export const saidOnce = (changes: readonly Change[]): readonly Change[] =>
  changes.map((change, index) => {
    const { instructions, ...rest } = change
    return instructions !== undefined && changes[index + 1]?.instructions === instructions ? rest : change
  })

function closing(plan: PlanFile, purpose: PlanPurpose, style: Style, next: string | undefined): readonly string[] {
  if (plan.deployments.length === 0) return wrap(planOutcome(plan, purpose), style.columns)
  const { create, update, adopt, remove, manual } = plan.summary
  const todo = create + update + adopt + remove
  const lines = wrap(planOutcome(plan, purpose), style.columns)
  if (todo + manual === 0) return lines
  return [...lines.map(style.paint.bold), ...advice(plan, style, todo > 0 ? next : undefined)]
}

/** The outcome of a plan in one sentence. */
export function planOutcome({ deployments, summary }: PlanFile, purpose: PlanPurpose): string {
  if (deployments.length === 0) return 'No plan: no deployment could be read.'
  const counts = countsOf(summary)
  return counts.length === 0 ? unchangedNote[purpose] : `Plan: ${counts.join(', ')}.`
}

/** `11 to create` and so on. Empty if there is nothing to do. */
export const countsOf = ({ create, update, adopt, remove, manual }: Summary): readonly string[] => [
  ...[[create, 'create'] as const, [update, 'update'] as const, [adopt, 'adopt'] as const, [remove, 'remove'] as const]
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} to ${verb}`),
  ...(manual > 0 ? [manualCount(manual)] : []),
]

const unchangedNote = {
  apply: 'No changes. Everything matches the configuration.',
  adopt: 'Nothing to adopt: hma already manages everything that exists.',
  remove: 'Nothing to remove: no existing object is marked for these deployments.',
} as const

/** The obstacles, and what to do next. */
function advice({ deployments }: PlanFile, style: Style, next: string | undefined): readonly string[] {
  const held = deployments.filter(({ changes }) => changes.some(blocks)).map(({ name }) => harmless(name))
  const free = deployments.some(({ changes }) => feasible(changes).length > 0)
  return [
    ...(held.length > 0
      ? wrap(`Manual action comes first, see (!) above. Until then nothing changes in ${held.join(', ')}.`, style.columns)
      : []),
    ...(next !== undefined && free ? wrap(style.repeat(`Run \`${next}\` to make these changes.`), style.columns) : []),
  ]
}
