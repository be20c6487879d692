import type { Settings, World } from '../../src/sandbox/azure.ts'
import { audit } from './audit.ts'
import { broken } from './credentials.ts'
import { type Asked, type Stage, stage, type Wire } from './deployment.ts'
import { type Accident, mortal } from './mortal.ts'
import type { Scenario } from './scenarios.ts'

/** How many writes the scenario takes where nothing happens to it. */
export async function writesOf({ variant, world, asked }: Scenario): Promise<number> {
  const here = await stage(variant, {}, structuredClone(world))
  const { wire, writes } = mortal(undefined)
  try {
    await (await here.process(wire)).apply(asked)
    return writes()
  } finally {
    await here.close()
  }
}

/** Something that goes wrong, and how long it takes until anybody runs hma again. */
export interface Mishap extends Accident {
  readonly pause: number
}

/**
 * One scenario in which processes meet accidents one after the other, and others go on. Answers with everything that is
 * not as hma promises; with nothing where all is well.
 */
export async function survive(
  { variant, world, asked }: Scenario,
  mishaps: readonly Mishap[],
  settings: Partial<Settings> = {},
): Promise<readonly string[]> {
  const here = await stage(variant, settings, structuredClone(world))
  const { sandbox } = here
  const watched = variant.dynamics === false ? watch(sandbox) : undefined
  const wireOf = (wire: Wire): Wire => (watched ? (transport) => wire(watched.wire(transport)) : wire)
  try {
    for (const mishap of mishaps) {
      await (await here.process(wireOf(mortal(mishap).wire))).apply(asked).catch(() => {})
      sandbox.advance(mishap.pause)
    }
    const left = await recover(
      here,
      asked,
      wireOf((transport) => transport),
    )
    return [
      ...left,
      ...audit(sandbox.world, { variant, before: world, now: sandbox.now() }),
      ...sandbox.violations.map(({ detail, cause }) => `${detail} (${cause.method} ${cause.url})`),
      ...(watched?.problems() ?? []),
    ]
  } finally {
    await here.close()
  }
}

/** Two runs at the most have something to do; the one after them finds nothing to do, and does nothing. */
async function recover(here: Stage, asked: Asked, wire: Wire): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (let run = 0; run < 3; run++) {
    const { changes, writes } = await (await here.process(wire)).apply(asked)
    const due = changes
      .filter(({ action }) => action !== 'none')
      .map(({ address, action }) => `not converged: ${action} ${address}`)
    left = [...due, ...writes.map(({ method, url }) => `a write though all was done: ${method} ${url}`)]
    if (due.length === 0) return left
  }
  return left
}

/** After every answer: does sign-in still work that worked before? For where no Dynamics witnesses. */
function watch(sandbox: { readonly world: World; now(): Date }): { wire: Wire; problems(): readonly string[] } {
  const problems: string[] = []
  let proven = false
  const wire: Wire = (transport) => ({
    ...transport,
    async send(request) {
      const answer = await transport.send(request)
      const found = broken(sandbox.world, sandbox.now())
      if (proven && found.length > 0) problems.push(`broken: ${found.join(', ')} (${request.method} ${request.url})`)
      proven ||= found.length === 0
      return answer
    },
  })
  return { wire, problems: () => problems }
}
