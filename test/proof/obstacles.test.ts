import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { ids, openDeployment, yaml } from '../support/deployment.ts'
import { day, minute } from '../support/machines.ts'
import { type Verified, verified } from '../support/verify.ts'
import { appliedWorld, variant } from './breakages.ts'

let applied: World
beforeAll(async () => {
  applied = await appliedWorld()
})
afterEach(() => void vi.useRealTimers())

/** Of Entra, to HMA-App: the sandbox itself accepts what a library signs by the clock of the machine. */
const refusal = {
  ...({ service: 'login', method: 'POST', url: `/${ids.exchangeTenant}/`, times: 100, when: 'instead' } as const),
  // hma itself signs in to Graph and Dataverse first.
  skip: 2,
  answer: {
    status: 401,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error: 'invalid_client',
      error_description: 'AADSTS700024: Client assertion is not within its valid time range.',
    }),
  },
}

/** `hma verify`, a day after the apply, on a machine whose clock is that far ahead of Azure. */
async function onMachine(skew: number): Promise<Verified> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + day + skew })
  const it = await openDeployment(variant, {}, { ...structuredClone(applied), ahead: -skew })
  if (Math.abs(skew) > 5 * minute) it.sandbox.faults.push({ ...refusal })
  try {
    return await verified(it.sandbox, yaml(variant))
  } finally {
    await it.close()
  }
}

test.each([
  [-23, '23 minutes behind'],
  [23, '23 minutes ahead of'],
])(
  'a machine that is %i minutes ahead cannot sign in as HMA-App, and nothing says that Dynamics cannot',
  async (minutes, off) => {
    const { code, checks, stdout } = await onMachine(minutes * minute)
    const failed = checks.filter(({ status }) => status === 'failed')
    expect(failed).toMatchObject([{ name: 'clock', detail: expect.stringContaining(`${off} Azure's`) }])
    const signIn = checks.find(({ name }) => name === 'hmaSignIn')
    expect(signIn).toMatchObject({ status: 'skipped', detail: 'Skipped, because clock failed.' })
    expect(checks.filter(({ status }) => status === 'skipped').map(({ name }) => name)).toEqual([
      'hmaSignIn',
      'inbox',
      'exchangeBuild',
    ])
    expect(code).toBe(1)
    expect(stdout).not.toMatch(/"severity"/)
  },
)

test('a machine whose clock is within Entra’s tolerance proves sign-in', async () => {
  const { code, checks } = await onMachine(2 * minute)
  expect(checks.map(({ name }) => name)).not.toContain('clock')
  expect(code).toBe(0)
})

test.each([
  'AADSTS7000215: Invalid client secret provided.',
  'AADSTS50076: You must use multi-factor authentication.',
  'AADSTS700024: Client assertion is not within its valid time range.',
])('hma itself cannot sign in (%s): one check says so, and nothing says that Dynamics cannot', async (description) => {
  const it = await openDeployment(variant, {}, structuredClone(applied))
  const body = JSON.stringify({ error: 'invalid_client', error_description: description })
  it.sandbox.faults.push({ ...refusal, skip: 0, answer: { ...refusal.answer, body } })
  const { code, checks } = await verified(it.sandbox, yaml(variant))
  await it.close()
  const failed = checks.filter(({ status }) => status === 'failed')
  expect(failed).toMatchObject([{ name: 'ownSignIn', detail: expect.stringContaining(description.slice(0, 12)) }])
  expect(failed[0]?.hint).toBeTruthy()
  expect(checks.filter(({ status }) => status === 'passed').map(({ name }) => name)).toEqual(['tls', 'challenge', 'tenant'])
  expect(code).toBe(1)
})

test.each([
  ['drops the connection', { answer: 'drop' } as const],
  ['has an internal error', { answer: { status: 500, body: '' } } as const],
])('if Graph %s, one check says so, and nothing says that Dynamics cannot sign in', async (_what, fault) => {
  const it = await openDeployment(variant, {}, structuredClone(applied))
  it.sandbox.faults.push({ service: 'graph', times: 100, when: 'instead', ...fault })
  const { code, checks } = await verified(it.sandbox, yaml(variant))
  await it.close()
  expect(checks.filter(({ status }) => status === 'failed')).toMatchObject([{ name: 'ownReads', hint: expect.any(String) }])
  expect(checks.find(({ name }) => name === 'certificate')).toMatchObject({
    status: 'skipped',
    detail: expect.stringContaining('graph.'),
  })
  expect(code).toBe(1)
})
