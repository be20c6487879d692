import { randomInt } from 'node:crypto'
import type { Context } from 'hono'
import type { Azure } from '../azure.ts'
import type { Tenant } from '../directory/state.ts'
import { type Form, required } from './form.ts'
import { SignInRefusal } from './refusal.ts'

/** The time limit for entering the code, in seconds: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code */
const codeLifetime = 900

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const userCode = (): string => Array.from({ length: 9 }, () => letters[randomInt(letters.length)]).join('')

function checkClient(tenant: Tenant, form: Form): void {
  const clientId = required(form, 'client_id').toLowerCase()
  const living = Object.values(tenant.applications).filter(({ deletedDateTime }) => deletedDateTime === null)
  if (living.some(({ appId }) => appId === clientId)) return
  throw unknownClient(tenant, clientId)
}

export function unknownClient(tenant: Tenant, appId: string): SignInRefusal {
  const why =
    'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.'
  const message = `Application with identifier '${appId}' was not found in the directory '${tenant.displayName}'. ${why}`
  return new SignInRefusal(700016, 'unauthorized_client', message)
}

/** `POST …/devicecode`: issues a code that is never entered, since the sandbox has no interactive sign-in. */
export function deviceCode({ now }: Azure, tenant: Tenant, form: Form): Record<string, unknown> {
  checkClient(tenant, form)
  required(form, form.has('resource') ? 'resource' : 'scope')
  const user_code = userCode()
  const verification_uri = 'https://microsoft.com/devicelogin'
  const until = Buffer.from(String(now().getTime() + codeLifetime * 1000)).toString('base64url')
  return {
    user_code,
    device_code: `D${until}`,
    verification_uri,
    expires_in: codeLifetime,
    interval: 5,
    message: `To sign in, use a web browser to open the page ${verification_uri} and enter the code ${user_code} to authenticate.`,
  }
}

/** The token request of a client that waits for the code to be entered. */
export function pollDeviceCode({ now }: Azure, tenant: Tenant, form: Form): never {
  checkClient(tenant, form)
  const until = Number(Buffer.from(required(form, 'device_code').slice(1), 'base64url').toString('utf8'))
  if (!(until > 0)) throw new SignInRefusal(70000, 'invalid_grant', 'The provided device_code is not valid.')
  if (until <= now().getTime())
    throw new SignInRefusal(70020, 'expired_token', 'The provided value for the input parameter device_code has expired.')
  throw new SignInRefusal(
    70016,
    'authorization_pending',
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  )
}

/** `GET …/authorize`: a page that explains why interactive sign-in ends here. */
export function authorize(tenant: Tenant, context: Context): Response {
  checkClient(tenant, new Map(Object.entries(context.req.query())))
  return context.html(
    '<!DOCTYPE html><title>Sign in to your account</title><p>The sandbox has no people who sign in. Use an application with a secret or a certificate.</p>',
  )
}
