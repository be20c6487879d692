import { expect } from 'vitest'
import { violations } from '../../packages/sandbox/src/monitor/continuity.ts'
import {
  broken,
  copiedSecret,
  day,
  deliveredSecret,
  ourCertificates,
  ourSecrets,
  servedThumbprint,
} from '../support/credentials.ts'
import type { OpenDeployment, Variant } from '../support/deployment.ts'
import type { Holding } from '../support/timeline.ts'

/** What there was at the end of a week's apply. */
export type Week = Readonly<Record<'certificate' | 'secret', Holding>>

/** The weekly scheduled apply, by a process without memory of the one before. */
export async function weekly(here: OpenDeployment, weeks: number, { dynamics = true }: Variant = {}): Promise<readonly Week[]> {
  const { sandbox } = here
  const { world } = sandbox
  const state = () => (dynamics ? violations(world, sandbox.now()) : broken(world, sandbox.now()))
  const secret = () => (dynamics ? deliveredSecret(world) : copiedSecret(world))
  const seen: Week[] = []
  for (let week = 0; week <= weeks; week++) {
    if (week > 0) expect({ week, broken: state() }).toEqual({ week, broken: [] })
    const { events } = await (await here.process()).apply()
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect({ week, broken: state() }).toEqual({ week, broken: [] })
    const left = (await here.plan()).filter(({ action }) => action !== 'none')
    expect({ week, left }).toEqual({ week, left: [] })
    seen.push({
      certificate: { inUse: servedThumbprint(world), all: ourCertificates(world).map(({ thumbprint }) => thumbprint) },
      secret: { inUse: secret()?.keyId, all: ourSecrets(world).map(({ keyId }) => keyId) },
    })
    sandbox.advance(7 * day)
  }
  return seen
}

/** Days since the first apply on which another one was in use than the week before. */
export const replaced = (seen: readonly Week[], sort: keyof Week): number[] =>
  seen.flatMap((one, week) => (week > 0 && one[sort].inUse !== seen[week - 1]?.[sort].inUse ? [week * 7] : []))

/** Days since the first apply on which there were so many. */
export const counted = (seen: readonly Week[], sort: keyof Week, count: number): number[] =>
  seen.flatMap((one, week) => (one[sort].all.length === count ? [week * 7] : []))
