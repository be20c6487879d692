import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { emptyWorld } from '../../packages/sandbox/test/support/worlds.ts'
import { virtualSandbox } from '../renewal/simulation/virtualTime.ts'
import { day, registration } from './credentials.ts'
import type { Asked, OpenDeployment, Variant } from './deployment.ts'

/** Something hma has to achieve from a given world, during which it may be killed. */
export interface Scenario {
  readonly name: Name
  readonly variant: Variant
  /** The world before it, whose clock stands. Never changed: every run works on a copy. */
  readonly world: World
  readonly asked: Asked
}

/** What happens before, once the deployment exists: secrets are renewed after 150 days and certificates after 335. */
const beginnings = {
  'certificate renewal': async (here: OpenDeployment) => {
    await applied(here, [151, 160, 310, 320])
    here.sandbox.advance(16 * day)
  },
  'secret renewal': async (here: OpenDeployment) => here.sandbox.advance(151 * day),
  'rotation of the certificate': async () => {},
  'rotation of the secret': async () => {},
  'end of the overlap': async (here: OpenDeployment) => {
    await here.apply({ rotate: 'certificate' })
    await here.apply({ rotate: 'clientSecret' })
    here.sandbox.advance(8 * day)
  },
  destroy: async () => {},
  'destroy in the overlap': async (here: OpenDeployment) => {
    await here.apply({ rotate: 'certificate' })
    await here.apply({ rotate: 'clientSecret' })
  },
  'apply after a destroy': async (here: OpenDeployment) => {
    await here.apply({ remove: true })
    here.sandbox.advance(day)
  },
} as const

export type Name = 'first apply' | keyof typeof beginnings

export const names: readonly Name[] = [
  'first apply',
  'certificate renewal',
  'secret renewal',
  'rotation of the certificate',
  'rotation of the secret',
  'end of the overlap',
  'destroy',
  'destroy in the overlap',
  'apply after a destroy',
]

/** Someone else has credentials on the registrations: such a registration is not deleted, so nothing can restore it. */
const shared = (name: Name): boolean => name !== 'destroy' && name !== 'apply after a destroy'

/** Applies on these days after the first one. */
async function applied(here: OpenDeployment, days: readonly number[]): Promise<void> {
  for (const [index, at] of days.entries()) {
    here.sandbox.advance((at - (days[index - 1] ?? 0)) * day)
    await (await here.process()).apply()
  }
}

const start = Date.UTC(2030, 0, 1)
const firsts = new Map<string, Promise<World>>()

/** The world of a variant before anything, and after the first apply: made once. */
async function worldOf(variant: Variant, deployed: boolean): Promise<World> {
  const key = JSON.stringify([variant, deployed])
  const made = firsts.get(key) ?? (deployed ? played(variant, await worldOf(variant, false)) : played(variant, undefined))
  firsts.set(key, made)
  return structuredClone(await made)
}

async function played(variant: Variant, before: World | undefined): Promise<World> {
  const world = before ?? { ...(await emptyWorld()), stands: start }
  const { here, wire } = await virtualSandbox({ variant, world })
  try {
    if (before) await (await here.process(wire)).apply()
    // Entra knows seconds: what is created within one of them cannot be distinguished by its age.
    here.sandbox.advance(60_000)
    return structuredClone(here.sandbox.world)
  } finally {
    await here.close()
  }
}

export async function scenario(name: Name, variant: Variant): Promise<Scenario> {
  // What hma loads when it first needs it is loaded: from here on, only the seed decides the order.
  await worldOf(variant, true)
  if (name === 'first apply') return { name, variant, world: await worldOf(variant, false), asked: {} }
  const { here, wire } = await virtualSandbox({ variant, world: await worldOf(variant, true) })
  try {
    if (shared(name)) await addForeign(here)
    const process = await here.process(wire)
    await beginnings[name](process)
    return { name, variant, world: structuredClone(here.sandbox.world), asked: await asked(name, process) }
  } finally {
    await here.close()
  }
}

/** A rotation is requested for the credential in use: the same request again makes no second one. */
async function asked(name: Name, here: OpenDeployment): Promise<Asked> {
  if (name === 'rotation of the certificate') return { rotate: 'certificate', seen: await here.survey() }
  if (name === 'rotation of the secret') return { rotate: 'clientSecret', seen: await here.survey() }
  return name === 'destroy' || name === 'destroy in the overlap' ? { remove: true } : {}
}

/** A certificate and a secret of someone else on each registration. They must still exist at the end. */
async function addForeign({ sandbox }: OpenDeployment): Promise<void> {
  for (const role of ['kv-app', 'hma-app'] as const) {
    const application = registration(sandbox.world, role)
    const { der, thumbprint, notBefore, notAfter } = await selfSigned(`CN=Somebody else ${role}`, sandbox.now(), 3650)
    const dates = { startDateTime: notBefore.toISOString(), endDateTime: notAfter.toISOString() }
    const displayName = 'of somebody else'
    application?.keyCredentials.push({
      ...{ keyId: randomUUID(), displayName, ...dates, key: der, thumbprint, customKeyIdentifier: thumbprint },
      ...{ type: 'AsymmetricX509Cert', usage: 'Verify' },
    })
    application?.passwordCredentials.push({ keyId: randomUUID(), displayName, ...dates, hint: 'abc', sha256: '0'.repeat(64) })
  }
}
