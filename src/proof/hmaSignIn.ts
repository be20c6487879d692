import type { Claims } from '../azure/appSignIn/port.ts'
import type { Secret } from '../core/secret.ts'
import type { Trusted } from './certificate.ts'
import { need, type Step } from './chain.ts'
import { type Finding, failed, type Lost, passed } from './finding.ts'
import type { Ports, Subject } from './subject.ts'

/** Does HMA-App get a token for Exchange with the certificate, and one that Exchange accepts? */
export async function hmaSignIn(subject: Subject, { signIn }: Ports, trusted: Step<Trusted>): Promise<Finding<Secret>> {
  const { appId, pem } = await need(trusted)
  if (!pem)
    return {
      ...{ status: 'skipped', detail: 'hma may not read the private key of the certificate, and cannot sign in with it.' },
      hint: 'Grant the identity that runs hma Key Vault Secrets User on the vault (with access policies: Get for secrets), or set vaultSecretName, so that KV-App itself can read it.',
      refused: true,
    }
  const { value, claims } = await signIn.tokenByCertificate(subject.hmaApp.tenantId, appId, pem, subject.resourceId)
  return wrong(claims, appId, subject) ?? passed(`HMA-App (${appId}) gets a token for ${subject.resourceId}.`, value)
}

const same = (one: string, other: string): boolean =>
  one.replace(/\/+$/, '').toLowerCase() === other.replace(/\/+$/, '').toLowerCase()

/** An unreadable token is left for Exchange to judge. */
function wrong({ aud, roles, appid, tid, expires }: Claims, appId: string, subject: Subject): Lost | undefined {
  if (aud === undefined) return undefined
  if (!same(aud, subject.resourceId))
    return failed(
      `The token is for ${aud}, not for ${subject.resourceId}.`,
      'Set exchange.resourceId to the service principal name that Exchange has in Entra.',
    )
  if (appid !== undefined && !same(appid, appId)) return failed(`The token is from application ${appid}, not of HMA-App.`)
  if (tid !== undefined && !same(tid, subject.hmaApp.tenantId)) return failed(`The token is from tenant ${tid}.`)
  if (!roles.includes('full_access_as_app'))
    return failed(
      'The token lacks the role full_access_as_app: consent is missing, or Exchange Online does not offer it.',
      'Run `hma plan` to see which. `hma apply` grants missing consent, or shows the link for the administrator.',
    )
  if (expires !== undefined && Date.parse(expires) <= subject.now.getTime())
    return failed(`The token expired at ${expires}.`, 'Check the clock of this machine.')
  return undefined
}
