import { fromPkcs12 } from '../../keyVault/certificates/pkcs12.ts'
import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isGuid, isObject, type JsonObject } from '../json.ts'
import { forWrite, isApplication, keyOf, type Registered } from '../objects/find.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { bad } from '../refusal.ts'
import { keyBody } from '../represent.ts'
import type { Json, KeyCredential, PasswordCredential } from '../state.ts'
import { baseOf, type Holder, putHolder } from './credentialWrites.ts'
import { keysIn, type Target } from './keys.ts'
import { keptSecret } from './passwords.ts'
import { checkProof } from './proof.ts'

/** The object whose keys change. An application needs no permission to roll its own. */
function holderAsked(asked: RequestContext, name: Registered): Holder {
  const object = forWrite(asked, name, keyOf(asked.req.param('key') ?? ''))
  if (object.appId === asked.var.caller.appId) return object
  requireOperation(asked, 'create')
  requireWrite(asked, object)
  return object
}

/** `POST …/{key}/addKey`: https://learn.microsoft.com/graph/api/application-addkey */
export async function addKey(asked: RequestContext, name: Registered): Promise<Response> {
  const { keyCredential, passwordCredential = null, proof, ...rest } = await bodyOf(asked)
  const object = holderAsked(asked, name)
  checkProof(asked, object, proof)
  const [stray] = Object.keys(rest)
  if (stray !== undefined) throw bad(`Invalid property '${stray}'.`)
  const { azure, tenant, root } = asked.var
  const kind = isApplication(object) ? 'Application' : 'ServicePrincipal'
  const { key, password } = keyIn({ azure, tenant, kind, stored: object }, keyCredential, passwordCredential)
  const base = baseOf(asked, object, 'keys')
  const passwordCredentials = password === undefined ? base.passwordCredentials : [...base.passwordCredentials, password]
  putHolder(asked, { ...base, keyCredentials: [...base.keyCredentials, key], passwordCredentials })
  const context = `${root}/$metadata#microsoft.graph.keyCredential`
  return answer(asked, { '@odata.context': context, ...keyBody({ showing: { keys: false } }, key) })
}

interface Added {
  readonly key: KeyCredential
  readonly password?: PasswordCredential
}

/** A certificate by which the application signs in; or a PKCS#12 by which tokens are signed, with its password. */
function keyIn(target: Target, entry: Json | undefined, password: Json): Added {
  if (!isObject(entry)) throw bad('Key credential must have a value.', { code: 'InvalidValue', target: 'keyCredentials' })
  if (target.stored?.keyCredentials.some(({ keyId }) => keyId === entry.keyId)) throw bad(`A key with this keyId exists already.`)
  if (entry.type === 'X509CertAndPassword') return signingKeyIn(target, entry, password)
  if (password !== null || entry.usage === 'Sign') throw bad("Invalid value specified for property 'passwordCredential'.")
  return { key: oneIn(target, entry) }
}

function signingKeyIn(target: Target, entry: JsonObject, password: Json): Added {
  const secret = isObject(password) ? password.secretText : undefined
  if (typeof secret !== 'string' || entry.usage !== 'Sign')
    throw bad("A key of type 'X509CertAndPassword' has to have usage 'Sign' and a passwordCredential with its secretText.")
  const { privateKey, certificates: [certificate] = [] } = fromPkcs12(String(entry.key), secret) ?? {}
  if (privateKey === undefined || certificate === undefined)
    throw bad('Key credential value is invalid.', { code: 'InvalidValue', target: 'keyCredentials' })
  const read = oneIn(target, { ...entry, type: 'AsymmetricX509Cert', key: certificate })
  const key: KeyCredential = { ...read, type: 'X509CertAndPassword', usage: 'Sign' }
  return { key, password: keptSecret(secret, key) }
}

function oneIn(target: Target, entry: JsonObject): KeyCredential {
  const [key] = keysIn(target, [entry])
  if (key === undefined) throw bad('Key credential must have a value.', { code: 'InvalidValue', target: 'keyCredentials' })
  return key
}

/** `POST …/{key}/removeKey`: https://learn.microsoft.com/graph/api/application-removekey */
export async function removeKey(asked: RequestContext, name: Registered): Promise<Response> {
  const { keyId, proof } = await bodyOf(asked)
  const object = holderAsked(asked, name)
  checkProof(asked, object, proof)
  if (!isGuid(keyId)) throw bad("Invalid value specified for property 'keyId'.")
  const id = keyId.toLowerCase()
  if (!object.keyCredentials.some((key) => key.keyId === id)) throw bad('No key credential found with keyId.')
  const base = baseOf(asked, object, 'keys')
  const keyCredentials = base.keyCredentials.filter((key) => key.keyId !== id)
  putHolder(asked, { ...base, keyCredentials, passwordCredentials: base.passwordCredentials.filter((one) => one.keyId !== id) })
  return asked.body(null, 204)
}
