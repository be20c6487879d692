import { afterEach, beforeEach, expect, test } from 'vitest'
import { mailboxAnswer } from '../src/exchange/mailboxAnswer.ts'
import type { ExchangeServer } from '../src/exchange/state.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { raw } from './support/rawRequest.ts'
import { mailTenant, startSandbox } from './support/sandbox.ts'
import { only } from './wholeWorld.ts'

let sandbox: Sandbox
let server: ExchangeServer
beforeEach(async () => {
  sandbox = await startSandbox()
  server = only(sandbox.world.exchange.servers)
})
afterEach(() => sandbox.close())

const ewsUrl = 'https://mail.contoso.com/EWS/Exchange.asmx'
const greet = (url = ewsUrl) => raw(sandbox, 'POST', url, { body: '' })

/** What Dynamics, which tests the mailboxes, meets. */
const met = () =>
  mailboxAnswer(sandbox.world, { ewsUrl, resourceId: 'https://mail.contoso.com', tenantId: mailTenant }, 'svc-d365@contoso.com')

test.each([
  ['untrusted', /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/],
  ['expired', /^CERT_HAS_EXPIRED$/],
  ['wrongName', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ['refused', /^ECONNRESET$/],
] as const)('a handshake that is %s fails, for Dynamics too, until it is mended', async (tls, code) => {
  server.tls = tls
  await expect(greet()).rejects.toMatchObject({ code: expect.stringMatching(code) })
  expect(met()).toMatchObject({ status: 0, detail: expect.stringContaining('mail.contoso.com') })
  server.tls = 'fine'
  expect((await greet()).status).toBe(401)
  expect(met()).toBeUndefined()
})

test('a certificate that expires soon still does', async () => {
  server.tls = 'expiring'
  expect((await greet()).status).toBe(401)
  expect(met()).toBeUndefined()
})

test('the other hosts are unchanged', async () => {
  server.tls = 'expired'
  expect((await raw(sandbox, 'GET', 'https://login.microsoftonline.com/common/discovery/instance')).status).toBe(200)
})

test('a name that does not resolve leads nowhere', async () => {
  expect(sandbox.knows('mail.contoso.com:443')).toBe(true)
  server.unresolved = true
  expect([sandbox.knows('mail.contoso.com:443'), sandbox.knows('mail.sandbox.localhost')]).toEqual([false, false])
  await expect(greet()).rejects.toThrow()
  expect(met()).toMatchObject({ status: 0, detail: expect.stringContaining('HostNotFound') })
})
