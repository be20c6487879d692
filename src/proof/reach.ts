import type { Greeting } from '../azure/exchange/port.ts'
import { daysUntil } from '../core/time.ts'
import { type Finding, failed, passed, warning } from './finding.ts'
import { type Ports, type Subject, until } from './subject.ts'

/** Certificates of servers are renewed some weeks ahead; who has less left has probably forgotten it. */
const soon = 21

/** Does the name resolve, does somebody listen, is the certificate one that Dynamics can trust? */
export async function reach({ ewsUrl, now }: Subject, { exchange }: Ports): Promise<Finding<Greeting>> {
  const greeting = await exchange.greet(ewsUrl)
  const { host } = new URL(ewsUrl)
  const { certificate } = greeting
  if (!certificate) return passed(`${host} answers through the proxy, which hides its certificate.`, greeting)
  const { protocol, issuer, expires } = certificate
  const seen = `${host} answers over ${protocol}; its certificate, of ${issuer}, is valid until ${until(expires, now)}.`
  const days = daysUntil(Date.parse(expires), now)
  if (days < 0) return failed(seen, 'Renew the certificate of the Exchange server: Dynamics does not connect to it.')
  return days < soon
    ? warning(seen, 'Renew the certificate of the Exchange server, and assign the new one to IIS.', greeting)
    : passed(seen, greeting)
}
