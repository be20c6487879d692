import { randomUUID } from 'node:crypto'
import { markHonoured } from '../../honoured.ts'
import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isGuid, isInstant, isList, isObject, type JsonObject, seconds } from '../json.ts'
import { forWrite, keyOf, type Registered, required } from '../objects/find.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { checkPolicy, endsTooEarly } from '../policy.ts'
import { bad } from '../refusal.ts'
import { passwordBody } from '../represent.ts'
import type { DirectoryObject, Json, PasswordCredential } from '../state.ts'
import { baseOf, putHolder } from './credentialWrites.ts'
import { keptSecret, newSecret } from './passwords.ts'

/** `POST …/{key}/addPassword`: the secret is generated here and shown in this answer alone. */
export async function addPassword(asked: RequestContext, name: Registered): Promise<Response> {
  requireOperation(asked, 'create')
  const body = await bodyOf(asked)
  const object = forWrite(asked, name, keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, object)
  const { azure, tenant, root } = asked.var
  const secret = newSecret()
  const password = keptSecret(secret, wanted(body, azure.now()))
  checkPolicy(azure, tenant, 'password', password, object.id)
  const base = baseOf(asked, object, 'passwords')
  putHolder(asked, { ...base, passwordCredentials: [...base.passwordCredentials, password] })
  asked.header('Location', new URL(root).origin)
  return answer(asked, {
    '@odata.context': `${root}/$metadata#microsoft.graph.passwordCredential`,
    ...passwordBody(password, secret),
  })
}

const properties = new Set(['customKeyIdentifier', 'displayName', 'endDateTime', 'hint', 'keyId', 'secretText', 'startDateTime'])

/** The requested times; two years if the request names none. */
function wanted(body: JsonObject, now: Date): Omit<PasswordCredential, 'hint' | 'sha256'> {
  const { passwordCredential = null, ...rest } = body
  const [stray] = Object.keys(rest)
  if (stray !== undefined) throw bad(`Invalid property '${stray}'.`)
  if (passwordCredential !== null && !isObject(passwordCredential))
    throw bad("Invalid value specified for property 'passwordCredential'.")
  const asked: JsonObject = passwordCredential ?? {}
  const unknown = Object.keys(asked).find((name) => !name.includes('@odata.') && !properties.has(name))
  if (unknown !== undefined) throw bad(`Invalid property '${unknown}'.`)
  const start = instant(asked.startDateTime) ?? seconds(now.toISOString())
  const end = instant(asked.endDateTime) ?? twoYearsAfter(start)
  if (Date.parse(end) <= Date.parse(start)) throw endsTooEarly()
  const { displayName = null } = asked
  if (displayName !== null && typeof displayName !== 'string') throw bad("Invalid value specified for property 'displayName'.")
  return { keyId: randomUUID(), displayName, startDateTime: start, endDateTime: end }
}

function instant(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (!isInstant(value)) throw bad('The dates of a credential have to be instants such as 2026-01-31T12:00:00Z.')
  return seconds(value)
}

function twoYearsAfter(start: string): string {
  const end = new Date(start)
  end.setUTCFullYear(end.getUTCFullYear() + 2)
  return seconds(end.toISOString())
}

/** `POST …/{key}/removePassword`; a replica that has not learned of the secret yet does not find it. */
export async function removePassword(asked: RequestContext, name: Registered): Promise<Response> {
  requireOperation(asked, 'create')
  const { keyId } = await bodyOf(asked)
  const key = keyOf(asked.req.param('key') ?? '')
  const object = forWrite(asked, name, key)
  requireWrite(asked, object)
  if (!isGuid(keyId)) throw bad("Invalid value specified for property 'keyId'.")
  const has = (one: DirectoryObject): boolean => one.passwordCredentials.some((each) => each.keyId === keyId.toLowerCase())
  if (!has(object) || !has(required(asked, name, key))) throw bad('No password credential found with keyId.')
  const base = baseOf(asked, object, 'passwords')
  const passwordCredentials = object.passwordCredentials.filter((each) => each.keyId !== keyId.toLowerCase())
  putHolder(asked, { ...base, passwordCredentials })
  return asked.body(null, 204)
}

/**
 * The secrets that a creation asks for, each with its value, which only this answer shows: azuread_application, block `password`.
 * A value or an id of the caller's own is refused.
 */
export function firstPasswords(asked: RequestContext, value: Json | undefined): { kept: PasswordCredential; secret: string }[] {
  if (value === undefined || value === null) return []
  if (!isList(value)) throw bad("Invalid value specified for property 'passwordCredentials'.")
  const { azure, tenant } = asked.var
  return value.map((entry) => {
    if (!isObject(entry) || typeof entry.secretText === 'string' || typeof entry.keyId === 'string')
      throw bad('New password credentials must be generated using service actions.')
    const secret = newSecret()
    const kept = keptSecret(secret, wanted({ passwordCredential: entry }, azure.now()))
    checkPolicy(azure, tenant, 'password', kept)
    return { kept, secret }
  })
}

/** The secrets that remain after a PATCH, which can drop some but never add one. */
export function remainingPasswords({ passwordCredentials }: DirectoryObject, value: Json): PasswordCredential[] {
  if (!isList(value)) throw bad("Invalid value specified for property 'passwordCredentials'.")
  return value.map((entry) => {
    const keyId = isObject(entry) ? entry.keyId : undefined
    const stored = passwordCredentials.find((each) => typeof keyId === 'string' && each.keyId === keyId.toLowerCase())
    if (stored === undefined) throw bad('New password credentials must be generated using service actions.')
    // Nothing of it can be changed.
    markHonoured(entry)
    return stored
  })
}
