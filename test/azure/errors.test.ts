import { describe, expect, test } from 'vitest'
import { type Asked, type AzureError, refused, unreached } from '../../src/azure/errors/azureError.ts'
import type { Service } from '../../src/azure/errors/problem.ts'
import { Unreachable } from '../../src/azure/http/unreachable.ts'

const ask = (service: Service, needs?: string): Asked => ({ service, doing: 'do it', needs })

const refusal = (
  service: Service,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  needs?: string,
): AzureError =>
  refused(ask(service, needs), 'https://host.example/path', {
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const error = (code: string, message: string, inner?: string) => ({
  error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) },
})

const policy = '22222222-2222-2222-2222-222222222222'

/** Service, status, body, whether to retry, and what the hint must say. */
const table: [Service, number, unknown, boolean | 'briefly', RegExp | undefined][] = [
  ['graph', 404, error('Request_ResourceNotFound', "Resource 'x' does not exist"), true, undefined],
  ['graph', 409, error('Directory_ConcurrencyViolation', 'Please wait'), true, undefined],
  [
    'graph',
    400,
    error('Request_BadRequest', 'The appId of the service principal does not reference a valid application object.'),
    true,
    undefined,
  ],
  ['graph', 400, error('Request_BadRequest', 'Not a valid reference update.'), true, undefined],
  ['graph', 400, error('Request_BadRequest', 'Invalid value'), false, undefined],
  [
    'graph',
    400,
    error('Request_BadRequest', 'Another object with the same value for property uniqueName already exists.'),
    true,
    /30 days/,
  ],
  [
    'graph',
    400,
    error('CredentialTypeNotAllowedAsPerAppPolicy', `Not allowed as per assigned policy '${policy}'.`),
    false,
    new RegExp(policy),
  ],
  [
    'graph',
    400,
    error('CredentialInvalidLifetimeAsPerAppPolicy', `Exceeds policy '${policy}'.`),
    false,
    new RegExp(`${policy}.*lifetimeDays`),
  ],
  [
    'keyVault',
    403,
    error('Forbidden', "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'", 'ForbiddenByRbac'),
    'briefly',
    /Secrets User at the vault, for .*getSecret\/action/,
  ],
  ['keyVault', 403, error('Forbidden', 'no policy', 'AccessDenied'), 'briefly', /access policy of the vault/],
  ['keyVault', 403, error('Forbidden', 'firewall', 'ForbiddenByFirewall'), false, /firewall/],
  ['keyVault', 409, error('Conflict', 'deleted', 'ObjectIsDeletedButRecoverable'), true, undefined],
  ['keyVault', 400, error('BadParameter', 'no'), false, undefined],
  [
    'resourceManager',
    403,
    error(
      'AuthorizationFailed',
      "does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over",
    ),
    false,
    /Role Based Access Control Administrator/,
  ],
  [
    'resourceManager',
    403,
    error('AuthorizationFailed', "to perform action 'Microsoft.KeyVault/vaults/write' over"),
    false,
    /Key Vault Contributor/,
  ],
  ['resourceManager', 400, error('PrincipalNotFound', 'Principal x does not exist'), true, undefined],
  [
    'resourceManager',
    409,
    error('ConflictError', 'A vault with the same name already exists in deleted state.'),
    true,
    /recovers/,
  ],
  ['resourceManager', 409, error('VaultAlreadyExists', 'taken'), false, /unique/],
  ['resourceManager', 404, error('ResourceGroupNotFound', 'rg'), false, /az group create/],
  ['dataverse', 403, error('0x80072560', 'The user is not a member of the organization.'), false, /Application users/],
  [
    'dataverse',
    403,
    error('0x80040220', 'Principal is missing prvCreateEmailServerProfile privilege'),
    false,
    /prvCreateEmailServerProfile/,
  ],
  ['dataverse', 429, error('0x80072322', 'Number of requests exceeded the limit'), true, /throttling/],
  [
    'login',
    400,
    { error: 'invalid_request', error_description: 'AADSTS90002: Tenant not found. Trace ID: 1' },
    false,
    /No such tenant/,
  ],
]

test.each(table)('%s %i %j', (service, status, body, retryable, hint) => {
  const failure = refusal(service, status, body)
  expect(failure).toMatchObject({ service, status, retryable })
  if (hint !== undefined) expect(failure.hint).toMatch(hint)
})

test('the message says what was asked, of whom, and why it was refused', () => {
  const failure = refusal(
    'graph',
    403,
    error('Authorization_RequestDenied', 'Insufficient privileges.'),
    { 'request-id': 'r-1' },
    'the role X',
  )
  expect(failure.message).toBe(
    'Could not do it: Microsoft Graph at host.example answered 403 Authorization_RequestDenied: Insufficient privileges (request r-1)',
  )
  expect(failure).toMatchObject({
    hint: 'The signed-in identity needs the role X.',
    requestId: 'r-1',
    code: 'Authorization_RequestDenied',
  })
})

test.each([
  '',
  '<html><body>Bad Gateway</body></html>',
  '[]',
  '{"error":null}',
  '{"error":{}}',
  '"text"',
  '{"error":{"details":[null]}}',
])('the body %j is survived', (body) => {
  expect(refusal('graph', 502, body)).toMatchObject({ status: 502, code: '', retryable: true })
  expect(refusal('graph', 502, body).message).toBe('Could not do it: Microsoft Graph at host.example answered 502')
})

test('a token in a message is left out', () => {
  const failure = refusal('graph', 400, error('x', 'bad token eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl here'))
  expect(failure.message).toMatch(/bad token \S+ here/)
})

test("a vault's challenge names its tenant", () => {
  const headers = {
    'www-authenticate': `Bearer authorization="https://login.example/${policy}", resource="https://vault.example"`,
  }
  expect(refusal('keyVault', 401, '', headers).hint).toContain(policy)
})

describe('a connection that fails', () => {
  const failed = (code: string, host: string) => unreached(ask('keyVault'), new Unreachable(code, host, undefined))
  test('an unknown vault is named', () => expect(failed('ENOTFOUND', 'kv-x.vault.azure.net').hint).toContain('No vault kv-x'))
  test('an untrusted certificate is not retried', () => {
    expect(failed('SELF_SIGNED_CERT_IN_CHAIN', 'h')).toMatchObject({
      retryable: false,
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
  })
  test('a write that may have been carried out is reported', () =>
    expect(failed('ECONNRESET', 'h').message).toContain('may have been done'))
  test('a write that was certainly not carried out is not reported', () =>
    expect(failed('ECONNREFUSED', 'h').message).not.toContain('may have been done'))
})
