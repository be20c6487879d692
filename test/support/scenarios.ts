import { randomUUID } from 'node:crypto'
import type { World } from '../../src/sandbox/azure.ts'
import { day, registration } from './credentials.ts'
import { type Asked, type Stage, stage, type Variant } from './deployment.ts'
import { selfSigned } from './selfSigned.ts'

/** Something that hma has to bring about from a given world, and may be killed at. */
export interface Scenario {
  readonly variant: Variant
  /** The world before it. Never changed: every run works on a copy. */
  readonly world: World
  readonly asked: Asked
}

/** Applies on these days after the first one. */
async function applied(here: Stage, days: readonly number[]): Promise<void> {
  let today = 0
  for (const next of days) {
    here.sandbox.advance((next - today) * day)
    today = next
    await (await here.process()).apply()
  }
  return
}

async function rotateBoth(here: Stage): Promise<void> {
  await here.apply({ rotate: 'certificate' })
  await here.apply({ rotate: 'clientSecret' })
  here.sandbox.advance(8 * day)
}

/** What goes before each, once the deployment stands: secrets are renewed after 150 days and certificates after 335. */
const beginnings = {
  'certificate renewal': async (here: Stage) => {
    await applied(here, [151, 160, 310, 320])
    here.sandbox.advance(16 * day)
  },
  'secret renewal': async (here: Stage) => here.sandbox.advance(151 * day),
  'rotation of the certificate': async () => {},
  'rotation of the secret': async () => {},
  'end of the overlap': rotateBoth,
} as const

export type Name = 'first apply' | keyof typeof beginnings

export const names: readonly Name[] = [
  'first apply',
  'certificate renewal',
  'secret renewal',
  'rotation of the certificate',
  'rotation of the secret',
  'end of the overlap',
]

export async function scenario(name: Name, variant: Variant): Promise<Scenario> {
  const here = await stage(variant)
  try {
    if (name === 'first apply') return { variant, world: structuredClone(here.sandbox.world), asked: {} }
    await here.apply()
    await addForeign(here)
    // Entra knows seconds: what is made within one of them cannot be told apart by its age.
    here.sandbox.advance(60_000)
    await beginnings[name](here)
    return { variant, world: structuredClone(here.sandbox.world), asked: await asked(name, here) }
  } finally {
    await here.close()
  }
}

/** A rotation is asked for by the one that was in use before it: whoever asks again for the same gets no second one. */
async function asked(name: Name, here: Stage): Promise<Asked> {
  if (name === 'rotation of the certificate') return { rotate: 'certificate', seen: await here.survey() }
  if (name === 'rotation of the secret') return { rotate: 'clientSecret', seen: await here.survey() }
  return {}
}

/** A certificate and a secret of somebody else on each registration. They have to be there in the end. */
async function addForeign({ sandbox }: Stage): Promise<void> {
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
