import { bad, Refusal } from '../refusal.ts'
import type { Application, Tenant } from '../state.ts'
import { urisOf } from './make.ts'

/**
 * The maximum number of secrets of an application for personal accounts:
 * https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation
 */
const personalSecrets = 2

/** Entries of all collections together: https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions */
const entries = 1000

/** Refuses to store an application that exceeds a limit or claims a URI of another one. */
export function checkFits(tenant: Tenant, application: Application): void {
  checkUris(tenant, application)
  const { keyCredentials, passwordCredentials, requiredResourceAccess, tags, more } = application
  if (/PersonalMicrosoftAccount/.test(String(more.signInAudience)) && passwordCredentials.length > personalSecrets)
    throw bad('Unable to save changes because the credential limit has been reached. Please delete a credential and try again.')
  const asked = requiredResourceAccess.flatMap(({ resourceAccess }) => resourceAccess)
  if ([keyCredentials, passwordCredentials, asked, tags].flat().length <= entries) return
  const message = 'The size of the object has exceeded its limit. Please reduce the number of values and retry your request'
  throw new Refusal(400, 'Directory_ResourceSizeExceeded', message)
}

/** Unlike a unique name, a URI is free again once its application is deleted. */
function checkUris(tenant: Tenant, application: Application): void {
  const mine = urisOf(application)
  if (mine.length === 0) return
  const others = Object.values(tenant.applications).filter(
    ({ id, deletedDateTime }) => id !== application.id && deletedDateTime === null,
  )
  const message = 'Another object with the same value for property identifierUris already exists.'
  if (others.flatMap(urisOf).some((uri) => mine.includes(uri)))
    throw bad(message, { code: 'ObjectConflict', target: 'identifierUris' })
}
