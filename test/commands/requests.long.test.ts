import { expect, test } from 'vitest'
import { askedOnce } from '../support/askedOnce.ts'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'

/** One more than hma keeps connected: it disconnects each when it is done with it. */
const many = 17

const deployment = (name: string): string => yaml({ name, copy: true, environmentUrl: `https://${name}.crm4.dynamics.com` })

test('each deployment of a fleet is planned and applied with one sign-in', {
  timeout: 300_000,
}, async () => {
  const names = Array.from({ length: many }, (_, index) => `fleet-${index + 1}`)
  const here = await workplace(names.map(deployment).join('\n---\n'))
  const once = { signIns: 5 * many, organizations: many, policies: 2 * many, exchange: many }
  try {
    const applied = await here.hma('apply --sandbox --yes --quiet -v')
    expect([applied.code, askedOnce(applied.stderr)]).toEqual([0, once])
    const again = await here.hma('apply --sandbox --yes --quiet -v')
    expect([again.code, askedOnce(again.stderr)]).toEqual([0, { ...once, policies: many }])
  } finally {
    await here.leave()
  }
})
