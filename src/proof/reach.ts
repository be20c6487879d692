import type { Family, Greeting } from '../azure/exchange/port.ts'
import { daysUntil } from '../core/time.ts'
import { type Finding, failed, passed, warning } from './finding.ts'
import { type Ports, type Subject, until } from './subject.ts'

/** Certificates of servers are renewed some weeks ahead; who has less left has probably forgotten it. */
const soon = 21

/** Does the name resolve, does somebody listen, over IPv4 and IPv6, and is the certificate one that Dynamics can trust? */
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
  return silent ? overOne(silent, seen, greeting) : passed(seen, greeting)
}

/** What a machine says that has no IPv6 itself. */
const noneHere = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** Dynamics connects over IPv6 where the name has such an address (https://learn.microsoft.com/power-platform/admin/online-requirements). */
function overOne({ family, address, problem = '' }: Family, seen: string, greeting: Greeting): Finding<Greeting> {
  const record = family === 6 ? 'AAAA' : 'A'
  if (noneHere.has(problem))
    return passed(`${seen} Its IPv${family} address ${address} could not be tried: this machine has no IPv${family}.`, greeting)
  return warning(
    `${seen} At its IPv${family} address ${address} nothing answers (${problem}): Dynamics may use that one.`,
    `Make Exchange reachable at ${address}, or remove the ${record} record of its name from public DNS.`,
    greeting,
  )
}
