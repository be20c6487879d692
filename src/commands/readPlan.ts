import { HmaError } from '../core/errors.ts'
import type { Change } from '../core/plan.ts'
import { digest, type PlanFile } from '../core/planFile.ts'

/** A plan read back from a file, checked: of a version we know, and with a digest that fits what it says. */
export function readPlan(text: string, file: string): PlanFile {
  const broken = (why: string) => new HmaError('HMA116', `${file} ${why}`, { hint: 'Make a new one with `hma plan --out FILE`.' })
  let plan: unknown
  try {
    plan = JSON.parse(text)
  } catch {
    throw broken('is not a plan: it is not JSON')
  }
  // Another version may have another shape.
  if (isRecord(plan) && typeof plan.formatVersion === 'string' && !/^1\.\d+$/.test(plan.formatVersion))
    throw broken(`has the format version ${plan.formatVersion}; this hma reads version 1`)
  if (!isPlanFile(plan)) throw broken('is not a plan that `hma plan --out` wrote')
  if (digestIn(plan) !== plan.digest) throw broken('was changed after it was made: its digest does not fit')
  return plan
}

/** Nothing where the values are nested so deeply that no plan of hma can be behind it. */
function digestIn({ deployments }: PlanFile): string | undefined {
  try {
    return digest(deployments)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPlanFile = (value: unknown): value is PlanFile =>
  isRecord(value) &&
  typeof value.formatVersion === 'string' &&
  typeof value.digest === 'string' &&
  Array.isArray(value.deployments) &&
  value.deployments.every(
    (one: unknown) => isRecord(one) && typeof one.name === 'string' && Array.isArray(one.changes) && one.changes.every(isChange),
  )

const isChange = (value: unknown): value is Change =>
  isRecord(value) &&
  typeof value.address === 'string' &&
  typeof value.action === 'string' &&
  Array.isArray(value.differences) &&
  value.differences.every(isRecord)
