import type { World } from '../../src/sandbox/azure.ts'
import { audit } from './audit.ts'
import { broken, day } from './credentials.ts'
import { type Asked, type Stage, stage, type Wire } from './deployment.ts'
import { type Death, mortal } from './mortal.ts'
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

/**
 * One scenario in which processes die one after the other, and others go on. Answers with everything that is not as hma
 * promises; with nothing where all is well.
 */
export async function survive({ variant, world, asked }: Scenario, deaths: readonly Death[]): Promise<readonly string[]> {
  const here = await stage(variant, {}, structuredClone(world))
  const { sandbox } = here
  const watched = variant.dynamics === false ? watch(sandbox) : undefined
  const wireOf = (wire: Wire): Wire => (transport) => wire(watched ? watched.wire(transport) : transport)
  try {
    for (const death of deaths) await (await here.process(wireOf(mortal(death).wire))).apply(asked).catch(() => {})
    const left = await recover(here, asked, wireOf((transport) => transport))
    const found = audit(sandbox.world, { variant, before: world, now: sandbox.now() })
    return [
      ...left,
      ...found,
      ...sandbox.violations.map(({ detail, cause }) => `${detail} (${cause.method} ${cause.url})`),
      ...(watched?.problems() ?? []),
    ]
  } finally {
    await here.close()
  }
}

/** Two runs at the most; then there must be nothing left to do, and nothing that is done. */
async function recover(here: Stage, asked: Asked, wire: Wire): Promise<readonly string[]> {
  for (let run = 0; run < 2; run++) await (await here.process(wire)).apply(asked)
  const { changes, writes } = await (await here.process(wire)).apply(asked)
  return [
    ...changes.filter(({ action }) => action !== 'none').map(({ address, action }) => `not converged: ${action} ${address}`),
    ...writes.map(({ method, url }) => `a write though all was done: ${method} ${url}`),
  ]
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
