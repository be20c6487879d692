import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { day, deliveredSecret, ourCertificates, ourSecrets, servedThumbprint } from '../support/credentials.ts'
import { lab } from '../support/customCloud.ts'
import { type OpenDeployment, openDeployment, type Variant, yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'
import { killable } from '../support/killedRun.ts'

let open: OpenDeployment | undefined
afterEach(async () => {
  expect(open?.sandbox.violations ?? []).toEqual([])
  await open?.close()
  open = undefined
})
const deployed = async (variant: Variant = {}): Promise<OpenDeployment> => {
  open = await openDeployment(variant)
  await open.apply()
  return open
}
const reasons = (changes: Awaited<ReturnType<OpenDeployment['plan']>>) =>
  changes.flatMap(({ address, action, reason }) => (action === 'none' ? [] : [[address.split('/')[1], action, reason]]))

describe('a rotation', () => {
  test('of the certificate is a renewal with another reason: trusted first, then current; the former one has its overlap', async () => {
    const here = await deployed()
    const before = servedThumbprint(here.sandbox.world)
    const { changes } = await here.apply({ rotate: 'certificate' })
    expect(reasons(changes)).toEqual([
      ['certificateRequest', 'update', 'requested'],
      ['certificateCredential', 'update', 'differs'],
      ['certificate', 'update', 'requested'],
    ])
    expect(servedThumbprint(here.sandbox.world)).not.toBe(before)
    expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
    expect(reasons(await here.plan())).toEqual([])
    here.sandbox.advance(7 * day)
    expect(reasons((await here.apply()).changes)).toEqual([['certificateCredential', 'update', 'superseded']])
    expect(ourCertificates(here.sandbox.world).map(({ thumbprint }) => thumbprint)).toEqual([
      servedThumbprint(here.sandbox.world),
    ])
  })

  test('of the client secret', async () => {
    const here = await deployed()
    const before = deliveredSecret(here.sandbox.world)?.keyId
    const { changes } = await here.apply({ rotate: 'clientSecret' })
    expect(reasons(changes)).toEqual([['clientSecret', 'update', 'requested']])
    expect(deliveredSecret(here.sandbox.world)?.keyId).not.toBe(before)
    expect(ourSecrets(here.sandbox.world)).toHaveLength(2)
    expect(reasons(await here.plan())).toEqual([])
  })

  test('of the client secret, within the second of the former delivery, puts the copy in the vault once more, a second later', async () => {
    const here = await lab({ copy: true })
    onTestFinished(() => here.leave())
    for (let time = 0; time < 3; time++) {
      const before = here.sandbox.log.length
      expect(await here.hma('rotate clientSecret --yes', 'owner')).toMatchObject({ code: 0 })
      const puts = here.sandbox.log.slice(before).filter(({ service, method }) => service === 'keyVault' && method === 'PUT')
      expect([1, 2]).toContain(puts.length)
    }
  })

  test.each(['certificate', 'clientSecret'] as const)(
    'of the %s is a state, no event: asked again for the same, nothing is done',
    async (rotate) => {
      const here = await deployed()
      const seen = await here.survey()
      expect((await here.apply({ rotate, seen })).writes).not.toEqual([])
      const again = await here.apply({ rotate, seen })
      expect([reasons(again.changes), again.writes]).toEqual([[], []])
    },
  )

  test('that was killed is finished by the next run, which uses the pending key pair and creates no second one', async () => {
    const here = await deployed()
    const { wire } = killable({ write: 1, what: 'killed before' })
    await (await here.process(wire)).apply({ rotate: 'certificate' })
    const next = await (await here.process()).apply({ rotate: 'certificate' })
    expect(next.writes.map(({ method, service }) => `${method} ${service}`)).toEqual(['PATCH graph', 'POST keyVault'])
    expect(reasons(await here.plan())).toEqual([])
  })

  test('of something that does not exist yet is refused', async () => {
    open = await openDeployment()
    await expect(open.plan({ rotate: 'certificate' })).rejects.toThrow('contoso/certificate: none is in use yet')
    await expect(open.plan({ rotate: 'clientSecret' })).rejects.toThrow('contoso/clientSecret: none is in use yet')
  })
})

test('hma rotate', async () => {
  const place = await workplace(yaml())
  try {
    const early = await place.hma('rotate certificate --sandbox --yes')
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('`hma apply --sandbox` creates the first one.')])
    expect((await place.hma('apply --sandbox --yes')).code).toBe(0)
    const before = await place.hma('output certificateThumbprint --sandbox')
    const rotated = await place.hma('rotate certificate --sandbox --yes')
    expect([rotated.code, rotated.stdout]).toEqual([0, expect.stringContaining('rotation requested')])
    expect((await place.hma('output certificateThumbprint --sandbox')).stdout).not.toBe(before.stdout)
    expect((await place.hma('plan --sandbox --detailed-exitcode')).code).toBe(0)
    expect(await place.hma('rotate everything --sandbox')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('use certificate or clientSecret'),
    })
  } finally {
    await place.leave()
  }
})
