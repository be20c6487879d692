import type { ErrorRow } from '../errors/row.ts'

const readAgain = 'Run `hma verify` again later; if it stays so, ask the Exchange administrator.'

/** Of https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode. */
export const responseCodes: readonly ErrorRow[] = [
  {
    ...{ code: 'ErrorImpersonateUserDenied', entry: 'HMA307' },
    meaning: 'HMA-App may not act for this mailbox',
    next: 'A management scope excludes the mailbox: widen the filter of exchange.mailboxScope and run its script, or choose another testMailbox.',
  },
  {
    ...{ code: 'ErrorImpersonationDenied', entry: 'HMA307' },
    meaning: 'HMA-App may not act for any mailbox on this server',
    next: 'Give it ApplicationImpersonation: New-ManagementRoleAssignment -Role ApplicationImpersonation (exchange.mailboxScope writes the script).',
  },
  {
    ...{ code: 'ErrorImpersonationFailed', entry: 'HMA307' },
    meaning: 'the mailbox could not be looked up to act for it',
    next: 'Check that the account of the mailbox is enabled and synchronised, then the health of Active Directory as Exchange sees it.',
  },
  {
    ...{ code: 'ErrorNonExistentMailbox', entry: 'HMA307' },
    meaning: 'there is no such mailbox on this Exchange Server',
    next: 'Check the address. A mailbox that was moved to Exchange Online needs the profile for Exchange Online, not this one.',
  },
  {
    ...{ code: 'ErrorNonPrimarySmtpAddress', entry: 'HMA307' },
    meaning: 'the address is not the primary one of the mailbox',
    next: 'Use the primary address of the mailbox in exchange.testMailbox.',
  },
  {
    ...{ code: 'ErrorInvalidUserPrincipalName', entry: 'HMA307' },
    meaning: 'the address is not valid',
    next: 'Correct exchange.testMailbox.',
  },
  {
    ...{ code: 'ErrorInvalidExchangeImpersonationHeaderData', entry: 'HMA307' },
    meaning: 'the address is not valid',
    next: 'Correct exchange.testMailbox.',
  },
  {
    ...{ code: 'ErrorInvalidServerVersion', entry: 'HMA307' },
    meaning: 'the server is older than Exchange 2013 SP1',
    next: 'Hybrid Modern Authentication needs 2013 CU19, 2016 CU8, 2019 CU1 or SE at least.',
  },
  {
    ...{ code: 'ErrorNoRespondingCASInDestinationSite', entry: 'HMA307' },
    meaning: 'no server in the site of the mailbox answers',
    next: 'Check the Client Access services of the site that holds the mailbox.',
  },
  {
    ...{ code: 'ErrorProxyRequestNotAllowed', entry: 'HMA307' },
    meaning: 'the server may not pass the request on to that of the mailbox',
    next: 'Check the ExternalUrl and InternalUrl of the EWS virtual directories in both sites.',
  },
  {
    ...{ code: 'ErrorMailboxMoveInProgress', passes: 'transient', entry: 'HMA307' },
    meaning: 'the mailbox is being moved',
    next: 'Run `hma verify` again when the move has ended.',
  },
  {
    ...{ code: 'ErrorMailboxStoreUnavailable', passes: 'transient', entry: 'HMA307' },
    meaning: 'the database of the mailbox is not mounted',
    next: 'Mount it (Mount-Database), then run `hma verify` again.',
  },
  {
    ...{ code: 'ErrorServerBusy', passes: 'transient', entry: 'HMA307' },
    meaning: 'the server is throttling HMA-App, or is overloaded',
    next: 'Look at the load of the server and at its throttling policy: Get-ThrottlingPolicy | fl Ews*. Dynamics meets the same limits.',
  },
  {
    ...{ code: 'ErrorConnectionFailed', passes: 'transient', entry: 'HMA307' },
    meaning: 'the server cannot reach the one that holds the mailbox',
    next: `Check the network between the Exchange servers. ${readAgain}`,
  },
  {
    ...{ code: 'ErrorADUnavailable', passes: 'transient', entry: 'HMA307' },
    meaning: 'the server cannot reach Active Directory',
    next: `Check the domain controllers that the server uses: Get-ExchangeServer -Status | fl *Controllers*. ${readAgain}`,
  },
  {
    ...{ code: 'ErrorInternalServerTransientError', passes: 'transient', entry: 'HMA307' },
    meaning: 'the server has a temporary problem',
    next: readAgain,
  },
]

/**
 * Advice if Exchange cannot be reached. Dynamics requires a certificate of a public authority and TLS 1.2
 * (https://learn.microsoft.com/power-platform/admin/server-cipher-tls-requirements).
 */
export const exchangeConnectionAdvice = {
  proxy: 'The proxy of HTTPS_PROXY refused the connection. Allow Exchange in it, or name the host in NO_PROXY.',
  name: (host: string) =>
    `The host name ${host} does not resolve. Check exchange.ewsUrl; Dynamics needs a name that public DNS resolves.`,
  refused: 'Nothing listens there. Check the port in exchange.ewsUrl, and publish EWS to the Internet.',
  silent: 'No answer arrived in time: a firewall drops the connection. Allow this machine and the addresses of Dynamics 365.',
  certificateName: (host: string) =>
    `The certificate is for another name. Assign one to IIS that names ${host.replace(/:\d+$/, '')}.`,
  certificateExpired: 'The certificate has expired. Renew it and assign the new one to IIS: Dynamics does not connect before.',
  certificateNotYetValid: 'The certificate is not valid yet. Check the clock of this machine, and the certificate.',
  certificateWeak:
    'The certificate is not accepted: its key is shorter than 2048 bits, or it is signed with SHA-1. Assign a new one of a public authority to IIS.',
  certificate:
    'The certificate of the server is not trusted, or comes without its intermediate ones. Dynamics needs one of a public authority. Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS or cloud.caFile.',
  noTls: 'The server that answers does not use TLS. Check the port in exchange.ewsUrl.',
  tlsVersion:
    'The server and this machine share no version of TLS, or no cipher. Switch TLS 1.2 on at the server: Dynamics needs it.',
  tlsName: (host: string) =>
    `What answers at ${host} does not serve this name. Add the name to the publishing rule of the reverse proxy, or correct exchange.ewsUrl.`,
  tlsOutdated:
    'The TLS settings of the server, or of the device in front of it, are outdated: short Diffie-Hellman keys or unsafe renegotiation. Update them: Dynamics refuses them as well.',
  tlsRefused:
    'The server, or a device in front of it, refused the TLS handshake. Look at its log for this machine, and at what it lets in.',
  cut: 'The connection was cut. A firewall or reverse proxy in front of Exchange does that if it does not know the name, or does not allow this machine.',
} as const
