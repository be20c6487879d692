import { randomUUID } from 'node:crypto'
import type { World } from '../../src/sandbox/azure.ts'
import { day, registration } from './credentials.ts'
import { type Asked, type Stage, stage, type Variant } from './deployment.ts'
import { selfSigned } from './selfSigned.ts'

/** Something that hma has to bring about from a given world, and may be killed at. */
export interface Scenario {
  readonly name: string
  readonly variant: Variant
  /** The world before it. Never changed: every run works on a copy. */
  readonly world: World
  readonly asked: Asked
}

/** Weeks go by, each with its scheduled apply. */
async function weeks(here: Stage, count: number): Promise<void> {
  for (let week = 0; week < count; week++) {
    await (await here.process()).apply()
    here.sandbox.advance(7 * day)
  }
}

/** What each kind of scenario begins with, once the deployment stands. */
const beginnings = {
  'certificate renewal': (here: Stage) => weeks(here, 48),
  'secret renewal': (here: Stage) => weeks(here, 22),
  'rotation of the certificate': async () => {},
  'rotation of the secret': async () => {},
  'end of the overlap': async (here: Stage) => {
    await here.apply({ rotate: 'certificate' })
    await here.apply({ rotate: 'clientSecret' })
    here.sandbox.advance(8 * day)
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
]

export async function scenario(name: Name, variant: Variant): Promise<Scenario> {
  const here = await stage(variant)
  try {
    if (name === 'first apply') return { name, variant, world: structuredClone(here.sandbox.world), asked: {} }
    await here.apply()
    await addForeign(here)
    await beginnings[name](here)
    const what = name === 'rotation of the certificate' ? 'certificate' : 'clientSecret'
    // By the level that was seen once: asking again for the same does nothing twice.
    const asked: Asked = name.startsWith('rotation') ? { rotate: what, seen: await here.survey() } : {}
    return { name, variant, world: structuredClone(here.sandbox.world), asked }
  } finally {
    await here.close()
  }
}

/** A certificate and a secret of somebody else on each registration. They have to be there in the end. */
async function addForeign({ sandbox }: Stage): Promise<void> {
  const now = sandbox.now()
  for (const role of ['kv-app', 'hma-app'] as const) {
    const application = registration(sandbox.world, role)
    const { der, thumbprint, notBefore, notAfter } = await selfSigned(`CN=Somebody else ${role}`, now, 3650)
    const dates = { startDateTime: notBefore.toISOString(), endDateTime: notAfter.toISOString() }
    const displayName = 'of somebody else'
    application?.keyCredentials.push({
      ...{ keyId: randomUUID(), displayName, ...dates, key: der, thumbprint, customKeyIdentifier: thumbprint },
      ...{ type: 'AsymmetricX509Cert', usage: 'Verify' },
    })
    application?.passwordCredentials.push({ keyId: randomUUID(), displayName, ...dates, hint: 'abc', sha256: '0'.repeat(64) })
  }
}
