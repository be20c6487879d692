import { createHash } from 'node:crypto'
import type { Foreign } from '../config/read/reader.ts'
import type { DeploymentPlan } from '../core/planFile.ts'
import type { Where } from '../core/where.ts'

/** A shorter value may occur in any text, so it is replaced only if it is the whole text. */
const least = 4

/**
 * Values that the configuration took from the environment are hidden from readers of a plan: logs, comments and pages are read by
 * more people than the environment. Puts `«from NAME»` in their place.
 */
export function withoutForeign(foreign: readonly Foreign[]): (text: string) => string {
  const labels = new Map(
    foreign.flatMap(({ name, value }) => formsOf(value).map((form) => [form.toLowerCase(), `«from ${name}»`] as const)),
  )
  const long = [...labels.keys()].filter((form) => form.length >= least).sort((one, other) => other.length - one.length)
  const pattern = long.length === 0 ? undefined : new RegExp(long.map(literal).join('|'), 'gi')
  const label = (form: string): string => labels.get(form.toLowerCase()) ?? form
  return (text) => labels.get(text.toLowerCase()) ?? (pattern ? text.replace(pattern, label) : text)
}

/** For an address also its host, which is shown by itself. Ids and hosts are shown in lower case. */
const formsOf = (value: string): readonly string[] =>
  /^https:\/\//i.test(value) && URL.canParse(value) ? [value, new URL(value).origin, new URL(value).host] : [value]

const literal = (text: string): string => text.replace(/[^\p{L}\p{N}\s]/gu, '\\$&')

/** A plan that is safe to publish. The deployment's own names stay. */
export function planWithoutForeign(plan: DeploymentPlan, foreign: readonly Foreign[]): DeploymentPlan {
  if (foreign.length === 0) return plan
  const clean = withoutForeign(foreign)
  const text = <Some extends string | undefined>(some: Some) => (some === undefined ? some : clean(some))
  return {
    ...plan,
    ...(plan.where && { where: whereWithout(plan.where, clean) }),
    changes: plan.changes.map((change) => ({
      ...change,
      differences: change.differences.map(({ field, from, to, why }) => ({
        field,
        ...(from !== undefined && { from: everywhere(from, clean) }),
        ...(to !== undefined && { to: everywhere(to, clean) }),
        ...(why !== undefined && { why: clean(why) }),
      })),
      ...(change.instructions !== undefined && { instructions: clean(change.instructions) }),
    })),
    ...(plan.remarks && {
      remarks: plan.remarks.map((remark) => ({
        ...remark,
        text: clean(remark.text),
        ...(remark.hint !== undefined && { hint: text(remark.hint) }),
      })),
    }),
  }
}

const whereWithout = ({ cloud, vault, tenants, environment, ...rest }: Where, clean: (text: string) => string): Where => ({
  ...rest,
  ...{ cloud: clean(cloud), vault: clean(vault), tenants: tenants.map(clean) },
  ...(environment !== undefined && { environment: clean(environment) }),
})

const isBlock = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

function everywhere(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((one: unknown) => everywhere(one, clean))
  if (!isBlock(value) || '$ref' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, everywhere(one, clean)]))
}

/** Sign-in may differ between the run that plans and the run that applies, and secrets may be replaced: neither changes the plan. */
const passing = /^\/auth\/|\/(clientSecret|password|certificatePassword)$/

/**
 * Distinguishes values of a variable while revealing next to nothing: 24 bits of a hash. A plan made with
 * another value is not the plan that was reviewed.
 */
export const fingerprints = (foreign: readonly Foreign[], owner: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    foreign
      .filter(({ pointer }) => !passing.test(pointer))
      .map(({ name, value }) => [name, createHash('sha256').update(`${owner}\n${name}\n${value}`).digest('hex').slice(0, 6)])
      .sort(),
  )
