import type { ErrorCode } from '../../core/errorCodes.ts'
import { type ConnectionProblem, connectionProblem, isCertificateProblem } from '../http/connectionProblem.ts'
import type { Unreachable } from '../http/unreachable.ts'

/** The entry of the catalogue for a connection that failed. */
export function connectionEntry(code: string): ErrorCode {
  if (isCertificateProblem(code)) return 'HMA502'
  const problem = connectionProblem(code)
  if (problem === 'proxy') return 'HMA503'
  if (problem === 'deadline') return 'HMA510'
  return problem === 'tooLong' ? 'HMA507' : 'HMA501'
}

type Advice = Readonly<Partial<Record<ConnectionProblem, string | ((host: string) => string)>>>

const again = 'Check the network and HTTPS_PROXY, and run again: hma continues where it stopped.'
const tlsInspection = 'Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS or cloud.caFile.'

function unknownName(host: string): string {
  const name = host.split('.')[0] ?? host
  return /\.vault(core)?\./.test(host)
    ? `No vault ${name} can be found. Check keyVault.name and \`cloud\`; the name of a new vault takes a minute to resolve.`
    : `The host name ${host} does not resolve. Check the address, this machine's resolver, and HTTPS_PROXY.`
}

/** Advice if one of Microsoft's services cannot be reached. */
export const connectionAdvice: Advice = {
  proxy: 'The proxy of HTTPS_PROXY refused the connection. Check its address, its credentials and what it lets through.',
  name: unknownName,
  silent: `No answer arrived in time: a firewall may drop the connection, or the service is overloaded. ${again}`,
  certificate: `The certificate of the server is not trusted. ${tlsInspection}`,
  certificateName: `The certificate is for another name, so something other than the service is answering. ${tlsInspection}`,
  certificateExpired: 'The certificate of the server has expired. Check the clock of this machine, and any proxy that opens TLS.',
  certificateNotYetValid: 'The certificate of the server is not valid yet. Check the clock of this machine.',
  certificateWeak:
    'The certificate of the server is not accepted: its key is too short, or its signature too weak (SHA-1). A proxy that opens TLS has to issue better ones.',
  noTls: 'The server that answers does not use TLS. Check the port, and the proxy.',
  tlsVersion: 'The server and this machine share no version of TLS, or no cipher. A proxy that opens TLS may be outdated.',
  tlsName: 'The server that answers does not serve this host name. Check the address, and the proxy.',
  tlsOutdated: 'The TLS settings of the server that answers are outdated. A proxy that opens TLS has to be updated.',
  tlsRefused: 'The server that answers refused the TLS handshake. A firewall or proxy in between can cause this.',
  tooLong:
    'No service sends answers this long. Check the address and the proxy; if it stays so, report it with what `-v` prints.',
  deadline: 'Run it again: hma continues where it stopped. --deadline gives a run more time.',
}

/** A service's own `advice` comes first. */
export function connectionHint({ code, host }: Unreachable, advice: Advice = {}): string {
  const problem = connectionProblem(code)
  const found = advice[problem] ?? connectionAdvice[problem] ?? again
  return typeof found === 'function' ? found(host) : found
}
