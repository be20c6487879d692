import { createAuthority, type Identity, issue } from '../front/authority.ts'
import type { Tls } from './state.ts'

const year = (number: number): Date => new Date(Date.UTC(number, 0, 1))
const tenDays = 10 * 86_400_000

/** The certificate that a host presents, with the configured fault. */
export async function identityOf(
  host: string,
  tls: Tls,
  { authority, now }: { authority: Identity; now: Date },
): Promise<Identity> {
  switch (tls) {
    case 'untrusted':
      return issue(await createAuthority(), host)
    case 'expired':
      return issue(authority, host, { notBefore: year(2020), notAfter: year(2021) })
    case 'wrongName':
      return issue(authority, `other.${host}`)
    case 'expiring':
      return issue(authority, host, { notBefore: year(2020), notAfter: new Date(now.getTime() + tenDays) })
    default:
      return issue(authority, host)
  }
}
