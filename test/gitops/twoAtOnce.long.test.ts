import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../support/audit.ts'
import { ourCertificates, ourSecrets } from '../support/credentials.ts'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'
import { compiled, type Program } from '../support/program.ts'
import { served } from '../support/servedSandbox.ts'

let program: Program
beforeAll(async () => {
  program = await compiled()
})
afterAll(() => program.remove())

const variant = { tenants: 1, copy: true } as const

test('two pipelines apply one deployment at the same moment: each object is created once', { timeout: 240_000 }, async () => {
  const here = await workplace(yaml(variant))
  const lab = await served(here)
  const before = await lab.world()
  try {
    await here.write('lab.yaml', lab.configuration())
    const env = { LAB_SECRET: lab.owner.clientSecret }
    const apply = () => program.start('apply -f lab.yaml --yes', { directory: here.directory, env }).ended
    const both = await Promise.all([apply(), apply()])
    // Either may lose a race and says so; the next run cleans up.
    for (const { code, stdout, stderr } of both) expect([0, 1], stdout + stderr).toContain(code)
    expect(await apply()).toMatchObject({ code: 0 })
    const planned = await program.start('plan -f lab.yaml --detailed-exitcode', { directory: here.directory, env }).ended
    expect(planned, planned.stdout).toMatchObject({ code: 0 })
  } finally {
    await lab.stop()
  }
  const world = await lab.world()
  // What either delivered may have been in use, so it has its overlap.
  const [secrets, certificates] = [ourSecrets(world), ourCertificates(world)]
  const wasInUse = new Set([...secrets, ...certificates].map(({ keyId }) => keyId))
  const hidden = { secrets: false, certificates: false }
  expect(audit(world, { variant, before, now: new Date(), wasInUse, foreignCredentials: new Set(), hidden })).toEqual([])
  expect(secrets.length).toBeLessThanOrEqual(2)
  expect(certificates.length).toBeLessThanOrEqual(2)
  await here.leave()
})
