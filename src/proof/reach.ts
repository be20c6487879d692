import type { Family, Greeting } from '../azure/exchange/port.ts'
import { daysUntil } from '../core/time.ts'
import { type Finding, failed, passed, warning } from './finding.ts'
import { type Ports, type Subject, until } from './subject.ts'

/** Server certificates are usually renewed some weeks ahead; with less left, it was probably forgotten. */
const soon = 21

/** Does the name resolve, does the server answer over IPv4 and IPv6, and is its certificate one that Dynamics can trust? */
export async function reach(
  { ewsUrl, now }: Pick<Subject, 'ewsUrl' | 'now'>,
  { exchange }: Pick<Ports, 'exchange'>,
): Promise<Finding<Greeting>> {
  const [greeting, families] = await Promise.all([exchange.greet(ewsUrl), exchange.families(ewsUrl)])
  const { host } = new URL(ewsUrl)
  const { certificate } = greeting
  if (!certificate) return passed(`${host} answers through the proxy, which hides its certificate.`, greeting)
  const { protocol, issuer, expires } = certificate
  const seen = `${host} answers over ${protocol}; its certificate, of ${issuer}, is valid until ${until(expires, now)}.`
  const days = daysUntil(Date.parse(expires), now)
  if (days < 0) return failed(seen, 'Renew the certificate of the Exchange server: Dynamics does not connect to it.')
  const [silent] = families.filter(({ problem }) => problem !== undefined)
  if (days < soon) return warning(seen, 'Renew the certificate of the Exchange server, and assign the new one to IIS.', greeting)
  return silent ? oneFamilyOnly(silent, seen, greeting) : passed(seen, greeting)
}

/** The errors of a machine without IPv6. */
const noIpv6Codes = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** Dynamics connects over IPv6 if the name has such an address (https://learn.microsoft.com/power-platform/admin/online-requirements). */
function oneFamilyOnly({ family, address, problem = '' }: Family, seen: string, greeting: Greeting): Finding<Greeting> {
  const record = family === 6 ? 'AAAA' : 'A'
  if (noIpv6Codes.has(problem))
    return passed(`${seen} Its IPv${family} address ${address} could not be tried: this machine has no IPv${family}.`, greeting)
  return warning(
    `${seen} At its IPv${family} address ${address} nothing answers (${problem}): Dynamics may use that one.`,
    `Make Exchange reachable at ${address}, or remove the ${record} record of its name from public DNS.`,
    greeting,
  )
}
