import type { Reply } from '../azure/server.ts'

const tenant = '22222222-2222-2222-2222-222222222222'
const bearer = `Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@${tenant}", authorization_uri="https://login.windows.net/common/oauth2/authorize"`
const ex = { 'X-FEServer': 'EX01' }

const fault = (code: string, values = ''): Reply => ({
  ...{ status: 500, headers: { ...ex, 'content-type': 'text/xml' } },
  body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>a:${code}</faultcode><faultstring>What Exchange says.</faultstring><detail><e:ResponseCode xmlns:e="e">${code}</e:ResponseCode><t:MessageXml xmlns:t="t">${values}</t:MessageXml></detail></s:Fault></s:Body></s:Envelope>`,
})
const refusing = (code: number, reason: string, category: string): Reply => ({
  ...{ status: 401 },
  headers: {
    ...ex,
    'WWW-Authenticate': `${bearer}, error="invalid_token"`,
    'x-ms-diagnostics': `${code};reason="${reason}";error_category="${category}"`,
  },
})

/** Answers of Exchange, or a device in front of it, to a request with a good token. */
export const inbox: Readonly<Record<string, Reply>> = {
  'a device strips the header Authorization': { status: 401, headers: { ...ex, 'WWW-Authenticate': `${bearer},Negotiate` } },
  'a device asks for Basic': { status: 401, headers: { Server: 'openresty', 'WWW-Authenticate': 'Basic realm="mail"' } },
  'a web application firewall': { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Request blocked</html>' },
  'a device that does not reach Exchange': { status: 502, headers: { Server: 'nginx' }, body: '<html>Bad Gateway</html>' },
  'a server of another name': { status: 421, headers: { Server: 'Apache' } },
  'a sign-in page': { status: 302, headers: { Location: 'https://sso.contoso.com/login?back=1' } },
  'another address of EWS': { status: 301, headers: { Location: 'https://mail2.contoso.com/EWS/Exchange.asmx' } },
  'EWS is off': { status: 403, headers: ex },
  'Exchange Online, by its policy': {
    status: 403,
    headers: { 'X-EWS-Policy-Reason': 'EWS is blocked by policy for this user or tenant.' },
  },
  'Exchange Online, switched off': {
    status: 403,
    headers: { 'X-EWS-Policy-Reason': 'EWS is disabled for this user or tenant.' },
  },
  'OAuth is off': { status: 401, headers: { ...ex, 'WWW-Authenticate': 'Negotiate, NTLM' } },
  'a token that Exchange does not accept, without a reason': {
    status: 401,
    headers: { ...ex, 'WWW-Authenticate': `${bearer}, error="invalid_token"` },
  },
  'another tenant': refusing(2000004, 'The tenant is invalid.', 'invalid_tenant'),
  'another audience': refusing(
    2000003,
    "The hostname component of the audience claim value is invalid. Expected 'https://a'. Actual 'https://b'.",
    'invalid_resource',
  ),
  'a device that ends TLS': refusing(
    2000003,
    "The hostname component of the audience claim value is invalid. Expected 'https://a'. Actual 'http://a'.",
    'invalid_resource',
  ),
  'no consent': refusing(2000008, 'The token contains no permissions, or permissions can not be understood.', 'invalid_grant'),
  'a category that is new': refusing(2000099, 'Something new.', 'invalid_moon'),
  'no right to act for the mailbox': fault('ErrorImpersonateUserDenied'),
  'no such mailbox': fault('ErrorNonExistentMailbox'),
  'another address of the mailbox': fault(
    'ErrorNonPrimarySmtpAddress',
    '<t:Value Name="Primary">service.d365@contoso.com</t:Value>',
  ),
  'busy for good': fault('ErrorServerBusy', '<t:Value Name="BackOffMilliseconds">9600</t:Value>'),
  'the database is not mounted': fault('ErrorMailboxStoreUnavailable'),
  'a code that is new': fault('ErrorBrandNew'),
}

/** Answers to an empty token. */
export const greetings: Readonly<Record<string, Reply>> = {
  'a device asks for Basic': { status: 401, headers: { Server: 'openresty', 'WWW-Authenticate': 'Basic realm="mail"' } },
  'OAuth is off': { status: 401, headers: { ...ex, 'WWW-Authenticate': 'Negotiate' } },
  'a device that asks for nothing': { status: 401 },
  'a device that refuses': { status: 403, headers: { Server: 'BigIP' } },
  'a wrong path': { status: 404, headers: ex },
  'a device that does not reach Exchange': { status: 504, headers: { Server: 'nginx' } },
  'a server of another name': { status: 421, headers: { Server: 'Apache' } },
  'https elsewhere': { status: 301, headers: { Location: 'https://mail2.contoso.com/EWS/Exchange.asmx' } },
}
