type Body = Readonly<Record<string, unknown>>

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

interface Held {
  readonly keyId: string
  readonly endDateTime: string
}

/**
 * Which secret each managed identity of a profile holds. It cannot be read. hma writes its keyId into the row's name; for rows that hma
 * did not write, the secret that expires last is assumed: the newest one, as entered in the portal.
 */
export function heldSecrets(
  profiles: readonly { readonly body: Body }[],
  applications: readonly { readonly body: Body }[],
): Readonly<Record<string, string>> {
  const identities = profiles.flatMap(({ body }) => identitiesIn(body))
  return Object.fromEntries(
    identities.flatMap((identity) => {
      const secrets = secretsOf(applications, identity.applicationid)
      const held = named(String(identity.name), secrets) ?? lastOf(secrets)
      return held === undefined ? [] : [[String(identity.managedidentityid), held.keyId]]
    }),
  )
}

function identitiesIn(body: Body): readonly Body[] {
  const inner = ['managedidentityid', 'keyvaultreferenceid'].flatMap((name) => {
    const row = body[name]
    return isBody(row) ? identitiesIn(row) : []
  })
  return typeof body.managedidentityid === 'string' && 'applicationid' in body ? [body, ...inner] : inner
}

function secretsOf(applications: readonly { readonly body: Body }[], appId: unknown): readonly Held[] {
  const application = applications.find(({ body }) => String(body.appId).toLowerCase() === String(appId).toLowerCase())
  const list = application?.body.passwordCredentials
  if (!Array.isArray(list)) return []
  return list.filter(isBody).map(({ keyId, endDateTime }) => ({ keyId: String(keyId), endDateTime: String(endDateTime) }))
}

/** The keyId that occurs first in the name. */
const named = (name: string, secrets: readonly Held[]): Held | undefined =>
  secrets.filter(({ keyId }) => name.includes(keyId)).sort((one, other) => name.indexOf(one.keyId) - name.indexOf(other.keyId))[0]

const lastOf = (secrets: readonly Held[]): Held | undefined =>
  [...secrets].sort((one, other) => other.endDateTime.localeCompare(one.endDateTime))[0]
