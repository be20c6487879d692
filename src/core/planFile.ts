import { createHash } from 'node:crypto'
import { HmaError } from './errors.ts'
import type { Action, Change } from './plan.ts'
import type { Remark } from './remark.ts'
import type { Where } from './where.ts'

/** What determines where and as whom a deployment is written. Plain data. */
export type PlanScope = Readonly<Record<string, unknown>>

export interface DeploymentPlan {
  readonly name: string
  /** For readers; the digest covers `scope`. */
  readonly where?: Where
  /** Plans of earlier versions have none. */
  readonly scope?: PlanScope
  readonly changes: readonly Change[]
  /** Remarks, which change nothing and are not part of the digest. Plans of earlier versions have none. */
  readonly remarks?: readonly Remark[]
}

/** A plan as it is shown, saved and reviewed (`plan --json`, `plan --out`). */
export interface PlanFile {
  readonly formatVersion: '1.0'
  readonly hmaVersion: string
  readonly createdAt: string
  /** Over actions and values, not over prose or times: what was reviewed is what is done. */
  readonly digest: string
  readonly deployments: readonly DeploymentPlan[]
  /** It was made in the sandbox and is of no use anywhere else. */
  readonly sandbox?: true
  readonly summary: Summary
}

export type Summary = Readonly<Record<Action, number>>

export const summarize = (deployments: readonly DeploymentPlan[]): Summary => {
  const summary: Record<Action, number> = { none: 0, create: 0, update: 0, adopt: 0, remove: 0, manual: 0 }
  for (const { changes } of deployments) for (const { action } of changes) summary[action]++
  return summary
}

export const digest = ({ deployments, sandbox }: Pick<PlanFile, 'deployments' | 'sandbox'>): string => {
  const essence = deployments.map(({ name, scope, changes }) => [
    name,
    ...(scope === undefined ? [] : [scope]),
    changes.map(({ address, action, reason, differences }) => [
      address,
      action,
      reason,
      differences.map(({ field, from, to }) => [field, from, to]),
    ]),
  ])
  const whole = sandbox ? ['sandbox', essence] : essence
  return `sha256:${createHash('sha256').update(canonical(whole)).digest('hex')}`
}

interface About {
  readonly hmaVersion: string
  readonly createdAt: Date
  readonly sandbox?: boolean
}

export const planFile = (deployments: readonly DeploymentPlan[], about: About): PlanFile => ({
  formatVersion: '1.0',
  hmaVersion: about.hmaVersion,
  createdAt: about.createdAt.toISOString(),
  digest: digest({ deployments, ...(about.sandbox && { sandbox: true }) }),
  deployments,
  ...(about.sandbox && { sandbox: true }),
  summary: summarize(deployments),
})

/** Azure or the configuration has changed since the plan was reviewed. */
export class StalePlan extends HmaError {
  constructor(agreed: PlanFile, current: readonly DeploymentPlan[]) {
    const hint = 'Nothing was changed. Run `hma plan --out FILE` again and have it reviewed again.'
    const [its, ours] = [agreed.deployments, current].map((plans) => plans.map(({ name }) => name).sort())
    if (String(its) !== String(ours)) super('HMA401', `The plan covers ${some(its)}, this run ${some(ours)}`, { hint })
    else {
      const moved = differing(agreed.deployments, current)
      const what = moved.length > 0 ? `: ${some(moved)}` : ''
      super('HMA401', `Azure or the configuration has changed since this plan was made${what}`, { hint })
    }
  }
}

const some = (names: readonly string[] = []): string =>
  [...names.slice(0, 10), ...(names.length > 10 ? [`and ${names.length - 10} more`] : [])].join(', ') || 'no deployment'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The resources that changed, and the deployments whose scope changed. */
function differing(agreed: readonly DeploymentPlan[], current: readonly DeploymentPlan[]): string[] {
  const essence = (plans: readonly DeploymentPlan[]) =>
    new Map(
      plans.flatMap(({ name, scope = {}, changes }) => [
        ...Object.entries(scope).map(([part, value]) => [`${name} (${part})`, canonical(value)] as const),
        ...changes.map((change) => [change.address, digest({ deployments: [{ name, changes: [change] }] })] as const),
      ]),
    )
  const [before, after] = [essence(agreed), essence(current)]
  return [...new Set([...before.keys(), ...after.keys()])].filter((address) => before.get(address) !== after.get(address))
}

/** JSON with sorted keys, so that equal data has equal text. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
