import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, bearer, principal } from '../../packages/sandbox/test/support/sandbox.ts'
import { clouds } from '../../src/azure/cloud.ts'
import { configuration, type OpenDeployment, openDeployment, yaml } from '../support/deployment.ts'

interface Question {
  readonly id: string
  readonly url: string
  readonly tenantId?: string
  readonly scope?: string
  readonly headers?: Record<string, string>
}

interface Evidence {
  readonly id: string
  readonly status?: number
  readonly body?: unknown
}

/** The script that collects evidence on a real tenant: plain JavaScript, since it is run by itself. */
const script: {
  questionsOf(configuration: unknown, cloud: unknown): readonly Question[]
  collect(
    questions: readonly Question[],
    send: (question: Question) => Promise<object>,
    names: readonly unknown[],
  ): Promise<readonly Evidence[]>
  namesOf(configuration: unknown): readonly unknown[]
  parsed(body: string): unknown
} = await import(new URL('../../scripts/confirm-on-azure.mjs', import.meta.url).href)

let here: OpenDeployment
let evidence: readonly Evidence[]
let asked: readonly { readonly method: string }[]

beforeAll(async () => {
  here = await openDeployment({ create: 'rbac' }, { keyPool: 2 })
  await here.apply()
  const wanted = await configuration(yaml({ create: 'rbac' }))
  const before = here.sandbox.log.length
  const send = async ({ url, tenantId, scope, headers = {} }: Question): Promise<object> => {
    const reader =
      scope && tenantId
        ? await bearer(here.sandbox, principal(here.sandbox, tenantId, 'reader'), scope.replace('/.default', ''))
        : undefined
    const answer: Answer = await ask(here.sandbox, url, {
      headers: { ...headers, ...(reader !== undefined && { authorization: reader }) },
    })
    return { status: answer.status, headers: answer.headers, body: script.parsed(answer.text) }
  }
  evidence = await script.collect(script.questionsOf(wanted, clouds.public), send, script.namesOf(wanted))
  asked = here.sandbox.log.slice(before).filter(({ service }) => service !== 'login')
})
afterAll(() => here.close())

test('it only reads, and read rights are enough', () => {
  expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']))
  const statuses = Object.fromEntries(evidence.map(({ id, status }) => [id, status]))
  const refusals = Object.entries(statuses).filter(([, status]) => status !== 200)
  expect(Object.fromEntries(refusals)).toEqual({
    ...{ 'vault.absent': 404, 'vault.absentGroup': 404, 'vault.challenge': 401, 'certificate.absent': 404 },
    ...{ 'application.absent': 404, 'application.badId': 400, 'application.badProperty': 400 },
    ...{ 'profile.absent': 404, 'exchange.challenge': 401 },
    ...{ 'federation.emailserverprofile': 404, 'federation.keyvaultreference': 404 },
  })
})

test('the collected evidence settles questions', () => {
  const body = (id: string): string => JSON.stringify(evidence.find((one) => one.id === id)?.body)
  expect(body('vault.current')).toContain('"enableRbacAuthorization":true')
  expect(body('application.keysListed')).toContain('"key":')
  expect(body('profile.rows')).toContain('"credentialsource":0')
  expect(JSON.stringify(evidence.find(({ id }) => id === 'exchange.challenge'))).toContain('www-authenticate')
})

test('it contains no secret, no certificate, and nothing that identifies the tenant', () => {
  const text = JSON.stringify(evidence)
  const { world, principals } = here.sandbox
  const secrets = principals.map(({ clientSecret }) => clientSecret)
  const [vault] = Object.values(world.vaults)
  const certificates = Object.values(vault?.certificates ?? {}).flatMap(({ versions }) => versions.flatMap(({ chain }) => chain))
  expect(certificates.length).toBeGreaterThan(0)
  for (const one of [...secrets, ...certificates]) expect(text).not.toContain(one)
  expect(text).not.toMatch(/eyJ[\w-]+\./)
  expect(text).not.toMatch(/kv-contoso-mail|rg-mail|mail\.contoso\.com|contoso\.crm4/)
  const guids = [...text.matchAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi)].map(([guid]) => guid)
  expect(new Set(guids.filter((guid) => !guid.startsWith('0000000')))).toEqual(new Set(['dc890d15-9560-4a4c-9b7f-a736ec74ec40']))
})
