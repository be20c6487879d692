import type { Foreign } from '../config/read/reader.ts'
import type { Configuration } from '../config/schema.ts'
import type { Remark } from '../core/remark.ts'

/** The limits set where hma runs: HMA_ALLOWED_VARIABLES and HMA_ALLOWED_CLOUDS. */
export interface Limits {
  readonly variables: boolean
  readonly clouds: boolean
}

export const allLimits: Limits = { variables: true, clouds: true }

/** What a changed configuration could reach in this run because no limits are set. On your own machine that is fine. */
export function unlimited({ name, cloud }: Configuration, foreign: readonly Foreign[], limits: Limits): readonly Remark[] {
  const names = [...new Set(foreign.map((one) => one.name))].sort().join(', ')
  const remark = (text: string, hint: string): Remark => ({ address: name, severity: 'info', text, hint })
  return [
    ...(names === '' || limits.variables
      ? []
      : [
          remark(
            `The configuration reads environment variables (${names}), and may read any of them.`,
            'In a pipeline, set HMA_ALLOWED_VARIABLES to those it may read.',
          ),
        ]),
    ...(typeof cloud === 'string' || limits.clouds
      ? []
      : [
          remark(
            `hma signs in at ${cloud.authorityHost}, because the configuration says so.`,
            'In a pipeline, set HMA_ALLOWED_CLOUDS to the clouds it may use.',
          ),
        ]),
  ]
}
