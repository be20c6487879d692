import { createHash, randomUUID } from 'node:crypto'
import { issueFor } from '../../keyVault/certificates/x509.ts'
import { keyFor } from '../../keyVault/keys/keyPairs.ts'
import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isInstant, type JsonObject, seconds } from '../json.ts'
import { forWrite, keyOf } from '../objects/find.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { bad } from '../refusal.ts'
import type { KeyCredential } from '../state.ts'
import { baseOf, putHolder } from './credentialWrites.ts'
import { keptSecret, newSecret } from './passwords.ts'

/**
 * `POST /servicePrincipals/{key}/addTokenSigningCertificate`: generates a certificate that signs SAML tokens. It is listed
 * twice, to sign and to verify, with the password of its private key: https://learn.microsoft.com/graph/api/serviceprincipal-addtokensigningcertificate
 */
export async function addTokenSigningCertificate(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const body = await bodyOf(asked)
  const { root } = asked.var
  const principal = forWrite(asked, 'servicePrincipals', keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, principal)
  const key = await certificate(asked, body)
  const sign: KeyCredential = { ...key, keyId: randomUUID(), type: 'X509CertAndPassword', usage: 'Sign' }
  const { displayName, startDateTime, endDateTime } = key
  const password = keptSecret(newSecret(), { keyId: sign.keyId, displayName, startDateTime, endDateTime })
  const base = baseOf(asked, principal, 'keys')
  putHolder(asked, {
    ...base,
    keyCredentials: [...base.keyCredentials, sign, key],
    passwordCredentials: [...base.passwordCredentials, password],
  })
  return answer(asked, { '@odata.context': `${root}/$metadata#microsoft.graph.selfSignedCertificate`, ...key })
}

/** Three years, unless the request names an end. */
async function certificate(
  { var: { azure } }: RequestContext,
  { displayName, endDateTime = null }: JsonObject,
): Promise<KeyCredential> {
  if (typeof displayName !== 'string' || !displayName.startsWith('CN='))
    throw bad("The value of property 'displayName' has to begin with 'CN='.")
  if (endDateTime !== null && !isInstant(endDateTime)) throw bad("Invalid value specified for property 'endDateTime'.")
  const notBefore = azure.now()
  const threeYears = new Date(notBefore)
  threeYears.setUTCFullYear(threeYears.getUTCFullYear() + 3)
  const notAfter = endDateTime === null ? threeYears : new Date(endDateTime)
  if (notAfter <= notBefore)
    throw bad('Key credential end date is invalid.', { code: 'KeyCredentialsInvalidEndDate', target: 'endDateTime' })
  const privateKey = await keyFor(azure, { kty: 'RSA', key_size: 2048 })
  const subject = { subject: displayName, ekus: [], key_usage: [], validity_months: 36, basic_constraints: { ca: false } }
  const key = await issueFor(subject, privateKey, { notBefore, notAfter })
  const thumbprint = createHash('sha1').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase()
  return {
    customKeyIdentifier: createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64'),
    displayName,
    endDateTime: seconds(notAfter.toISOString()),
    key,
    keyId: randomUUID(),
    startDateTime: seconds(notBefore.toISOString()),
    thumbprint,
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
}
