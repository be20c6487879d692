import { HmaError } from '../../core/errors.ts'
import type { Action, Change } from '../../core/plan.ts'
import { digest, type PlanFile, summarize } from '../../core/planFile.ts'
import type { Remark } from '../../core/remark.ts'
import type { Where } from '../../core/where.ts'

/** Reads a plan from a file and checks it: a known version, and a digest that matches its content. */
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
  if (!isPlanFile(plan)) throw broken('is not a plan saved by `hma plan --out`')
  if (digestIn(plan) !== plan.digest) throw broken('was changed after it was saved: its digest does not match')
  // Recomputed: the file's own claim proves nothing.
  return { ...plan, summary: summarize(plan.deployments) }
}

/** Undefined if values are nested too deeply for a plan of hma. */
function digestIn(plan: PlanFile): string | undefined {
  try {
    return digest(plan)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Is<Value> = (value: unknown) => value is Value

const isText: Is<string> = (value) => typeof value === 'string'
const isMissingOr = <Value>(is: Is<Value>, value: unknown): boolean => value === undefined || is(value)
const areAll = <Value>(is: Is<Value>, value: unknown): value is readonly Value[] => Array.isArray(value) && value.every(is)

/** What the digest does not cover must still have the right type, since it is shown. */
const isPlanFile = (value: unknown): value is PlanFile =>
  isRecord(value) &&
  [value.formatVersion, value.hmaVersion, value.createdAt, value.digest].every(isText) &&
  (value.sandbox === undefined || value.sandbox === true) &&
  areAll(isDeployment, value.deployments)

const isDeployment = (value: unknown): value is PlanFile['deployments'][number] =>
  isRecord(value) &&
  isText(value.name) &&
  (value.scope === undefined || isRecord(value.scope)) &&
  isMissingOr(isWhere, value.where) &&
  areAll(isChange, value.changes) &&
  (value.remarks === undefined || areAll(isRemark, value.remarks))

const isWhere: Is<Where> = (value): value is Where =>
  isRecord(value) &&
  typeof value.sandbox === 'boolean' &&
  [value.cloud, value.vault].every(isText) &&
  areAll(isText, value.tenants) &&
  isMissingOr(isText, value.environment)

const severities: ReadonlySet<unknown> = new Set<Remark['severity']>(['info', 'warning'])

const isRemark: Is<Remark> = (value): value is Remark =>
  isRecord(value) &&
  [value.address, value.text].every(isText) &&
  severities.has(value.severity) &&
  isMissingOr(isText, value.hint) &&
  isMissingOr(isText, value.date)

const actions: ReadonlySet<unknown> = new Set<Action>(['none', 'create', 'update', 'adopt', 'remove', 'manual'])

const isChange = (value: unknown): value is Change =>
  isRecord(value) &&
  isText(value.address) &&
  isText(value.kind) &&
  actions.has(value.action) &&
  isMissingOr(isText, value.reason) &&
  isMissingOr(isText, value.instructions) &&
  areAll(isText, value.after) &&
  areAll(isDifference, value.differences)

const isDifference = (value: unknown): value is Change['differences'][number] =>
  isRecord(value) && isText(value.field) && isMissingOr(isText, value.why)
