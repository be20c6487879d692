import { isCertificateProblem, type Unreachable } from '../http/unreachable.ts'

/** What helps where Exchange cannot be reached, by the code of the failure; the first that fits. */
const hints: readonly (readonly [RegExp, (host: string) => string])[] = [
  [/^PROXY$/, () => 'The proxy of HTTPS_PROXY refused the connection. Let it through to Exchange, or name the host in NO_PROXY.'],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    (host) => `Nobody knows the host ${host}. Check exchange.ewsUrl; Dynamics needs a name that public DNS resolves.`,
  ],
  [/^ECONNREFUSED$/, () => 'Nothing listens there. Check the port in exchange.ewsUrl, and publish EWS to the Internet.'],
  [
    /TIMEOUT|^(TIMED_OUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    () => 'No answer comes in time: a firewall drops the connection. Let this machine in, and the addresses of Dynamics 365.',
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    (host) => `The certificate is for another name. Assign one to IIS that names ${host.replace(/:\d+$/, '')}.`,
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    () => 'The certificate has expired. Renew it and assign the new one to IIS: Dynamics does not connect before.',
  ],
  [/^CERT_NOT_YET_VALID$/, () => 'The certificate is not valid yet. Check the clock of this machine, and the certificate.'],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)/,
    () => 'What answers there speaks no TLS. Check the port in exchange.ewsUrl.',
  ],
  [
    /^ERR_SSL_\w*(PROTOCOL|VERSION|HANDSHAKE_FAILURE|CIPHER)|^EPROTO$/,
    () =>
      'The server and this machine share no version of TLS, or no cipher. Switch TLS 1.2 on at the server: Dynamics needs it.',
  ],
]

const untrusted =
  'The certificate of the server is not trusted, or comes without its intermediate ones. Dynamics needs one of a public authority. Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS or cloud.caFile.'

const cut =
  'The connection was cut. A firewall or reverse proxy before Exchange does that where it does not know the name, or lets nobody in from here.'

/**
 * Dynamics asks for a certificate of a public authority and for TLS 1.2
 * (https://learn.microsoft.com/power-platform/admin/server-cipher-tls-requirements).
 */
export const hintForExchange = ({ code, host }: Unreachable): string =>
  hints.find(([pattern]) => pattern.test(code))?.[1](host) ?? (isCertificateProblem(code) ? untrusted : cut)
