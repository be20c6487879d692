import { afterEach, expect, test } from 'vitest'
import type { Fault } from '../../packages/sandbox/src/faults/faults.ts'
import { HmaError } from '../../src/core/errors.ts'
import { type Applied, type OpenDeployment, openDeployment } from '../support/deployment.ts'

let open: OpenDeployment | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

type Met = Pick<Fault, 'service' | 'method' | 'url'>

const json = { 'Content-Type': 'application/json' }
const body = (code: string, message: string, more: object = {}): string => JSON.stringify({ error: { code, message, ...more } })
const error = (status: number, code: string, message: string, headers: Record<string, string> = {}): Fault['answer'] => ({
  ...{ status, headers: { ...json, ...headers }, body: body(code, message) },
})

const graphWrite: Met = { service: 'graph', method: 'PATCH' }
const vaultRead: Met = { service: 'keyVault', method: 'GET' }
const vaultWrite: Met = { service: 'keyVault', method: 'POST' }
const armWrite: Met = { service: 'management', method: 'PUT' }
const rowWrite: Met = { service: 'dataverse', method: 'PATCH' }

/** Transient errors: hma tries again and succeeds. */
const passing: readonly (readonly [string, Met, Fault['answer']])[] = [
  [
    'Graph: the directory lags',
    graphWrite,
    error(404, 'Directory_ObjectNotFound', 'Unable to read the company information from the directory.'),
  ],
  [
    'Graph: others write to the tenant',
    graphWrite,
    error(
      409,
      'Directory_ConcurrencyViolation',
      'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.',
    ),
  ],
  [
    'Graph: too many requests',
    { service: 'graph' },
    error(
      429,
      'TooManyRequests',
      'Too many requests from Identifier:x under category:aadgraph.app.tenant_large. Please try again later.',
      { 'Retry-After': '10' },
    ),
  ],
  [
    'Graph: a page in place of an answer',
    { service: 'graph', method: 'GET' },
    { status: 503, headers: { 'Content-Type': 'text/html' }, body: '<html>Service unavailable</html>' },
  ],
  ['Graph: nothing in place of an answer', graphWrite, { status: 504 }],
  [
    'Key Vault: too many requests, without a word about when',
    vaultRead,
    error(429, 'Throttled', 'Request was not processed because too many requests were received.'),
  ],
  ['Key Vault: its own failure', vaultWrite, { status: 500 }],
  [
    'Key Vault: a right that does not count yet',
    vaultRead,
    {
      status: 403,
      headers: json,
      body: body('Forbidden', "Caller is not authorized to perform action on resource.\r\nAction: 'x'", {
        innererror: { code: 'ForbiddenByRbac' },
      }),
    },
  ],
  [
    'Resource Manager: too many requests',
    armWrite,
    error(429, 'SubscriptionRequestsThrottled', "Number of 'write' requests exceeded. Please try again after '10' seconds.", {
      'Retry-After': '10',
    }),
  ],
  [
    'Resource Manager: two operations on one vault',
    armWrite,
    error(409, 'ConflictError', 'Multiple operations on the same item were requested.'),
  ],
  [
    'Resource Manager: a principal that the directory does not show yet',
    { ...armWrite, url: 'roleAssignments' },
    error(400, 'PrincipalNotFound', 'Principal x does not exist in the directory y.'),
  ],
  [
    'Dataverse: too many requests',
    rowWrite,
    error(429, '0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', {
      'Retry-After': '5',
    }),
  ],
  [
    'Dataverse: too much time',
    rowWrite,
    error(429, '0x80072321', 'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds.', {
      'Retry-After': '5',
    }),
  ],
  ['Dataverse: too many at once', rowWrite, error(429, '0x80072326', 'Number of concurrent requests exceeded the limit of 52.')],
  ['Entra: busy', { service: 'login', method: 'POST' }, { status: 503 }],
]

/** Persistent errors: hma stops, says what to do, and continues from there in the next run. */
const lasting: readonly (readonly [string, Met, Fault['answer'], RegExp])[] = [
  [
    'Graph: an audience that the policy forbids',
    graphWrite,
    error(400, 'SignInAudienceNotAllowedAsPerAppPolicy', 'The sign-in audience is not allowed.'),
    /SignInAudienceNotAllowedAsPerAppPolicy/,
  ],
  [
    'Graph: no more objects for this identity',
    graphWrite,
    error(400, 'Directory_QuotaExceeded', 'The directory object quota limit has been exceeded.'),
    /its limit of directory objects/,
  ],
  [
    'Graph: no secrets by policy',
    { service: 'graph', url: 'addPassword' },
    error(400, 'CredentialTypeNotAllowedAsPerAppPolicy', "Credential type not allowed as per assigned policy 'x'."),
    /app management policy/,
  ],
  [
    'Resource Manager: the provider is not registered',
    armWrite,
    error(409, 'MissingSubscriptionRegistration', "The subscription is not registered to use namespace 'Microsoft.KeyVault'."),
    /az provider register/,
  ],
  [
    'Resource Manager: the name is taken',
    armWrite,
    error(409, 'VaultAlreadyExists', "The vault name 'x' is already in use."),
    /unique/,
  ],
  [
    'Dataverse: only listed applications',
    rowWrite,
    error(403, '0x80095ffc', 'Access to Dataverse API is restricted for this application Id.'),
    /only listed applications/,
  ],
  [
    'Dataverse: no user',
    rowWrite,
    error(403, '0x80072560', 'The user is not a member of the organization.'),
    /Application users/,
  ],
]

const failures = ({ events }: Applied): string => JSON.stringify(events.filter(({ type }) => type === 'failed'))

/** What the user reads. */
const told = ({ events }: Applied): string =>
  events
    .map((event) =>
      event.type === 'failed' && event.error instanceof HmaError ? `${event.error.message}. ${event.error.hint}` : '',
    )
    .join('\n')

test.each(passing)('%s: hma retries until it passes', async (_what, met, answer) => {
  open = await openDeployment()
  open.sandbox.faults.push({ ...met, times: 2, when: 'instead', answer })
  const run = await open.apply()
  expect(open.sandbox.faults[0]?.times, 'the error was met').toBe(0)
  expect(failures(run)).toBe('[]')
  expect((await open.apply()).changes.filter(({ action }) => action !== 'none')).toEqual([])
})

test.each(lasting)('%s: reported, and the next run continues', async (_what, met, answer, hint) => {
  open = await openDeployment()
  open.sandbox.faults.push({ ...met, times: 1, when: 'instead', answer })
  const run = await open.apply()
  expect(run.events.filter(({ type }) => type === 'failed')).not.toEqual([])
  expect(told(run)).toMatch(hint)
  expect(failures(await open.apply())).toBe('[]')
  expect((await open.apply()).writes).toEqual([])
})
