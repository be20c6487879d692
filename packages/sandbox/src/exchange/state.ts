/**
 * A fault in the handshake with a server: its certificate has an unknown issuer, is expired, is for another name, or is valid for only
 * ten more days; or the connection is cut.
 */
export type Tls = 'fine' | 'untrusted' | 'expired' | 'wrongName' | 'expiring' | 'refused'

/** An organisation's Exchange servers behind one EWS address, and what may be wrong with them. */
export interface ExchangeServer {
  /** Tenant with which the organisation is hybrid. */
  tenantId: string
  ewsUrl: string
  /** The audience that its tokens must have: scheme and host. */
  resourceId: string
  /** Name of the server that answers, as in `X-FEServer`. */
  serverName: string
  /** Product build as `15.2.2562.56` (Exchange Server SE). */
  build: string
  /** Is EvoSTS the default authorization endpoint, and `OAuth2ClientProfileEnabled` set? Otherwise the challenge names no `authorization_uri`. */
  hmaEnabled: boolean
  /** The `authorization_uri`. */
  authorizationUri: string
  /** Is OAuth on for the EWS virtual directory? Without it there is no Bearer challenge, and no token is accepted. */
  oauthEnabled: boolean
  /** Tenant that the AuthServer trusts; the hybrid's, unless misconfigured. */
  trustedTenantId: string
  /** A device in front terminates TLS, so the server believes that requests came over http. */
  sslOffload: boolean
  /** The answer of a pre-authenticating proxy in front of Exchange: a redirect to its form, or 440. */
  preAuthentication: 'none' | 'redirect' | 'loginTimeout'
  /** False where EWS is switched off or blocked by an application access policy. */
  ewsEnabled: boolean
  /** Left out: no fault. Open connections are not affected. */
  tls?: Tls
  /** Is the name unknown in DNS? */
  unresolved?: boolean
  /** Addresses of the mailboxes, in lower case. */
  mailboxes: string[]
  /** Mailboxes that the app may not impersonate, because a management scope excludes them. In lower case. */
  outOfScope: string[]
  /** Does a device in front remove the header in which Outlook on the web shows the build? */
  hidesBuild?: boolean
  /** Builds of the other servers behind the same name: any of them answers. */
  otherBuilds?: string[]
  /** The items in the mailboxes, by address, oldest first. */
  items?: Record<string, Item[]>
  /** The items deleted from the mailboxes, by address. */
  gone?: Record<string, DeletedItem[]>
}

/** A deleted item: its number, its former folder, and the number of the write that deleted it. */
export interface DeletedItem {
  number: number
  folder: string
  at: number
}

/** A message in a folder of a mailbox. */
export interface Item {
  /** Of the write that made it: the writes of a mailbox are counted from one. */
  number: number
  /** Of the last write that changed it, and of the one that changed only whether it is read. */
  changed?: number
  changedRead?: number
  /** By its distinguished name, such as `inbox`. */
  folder: string
  subject: string
  body: string
  bodyType: 'Text' | 'HTML'
  /** Addresses in lower case. */
  to: string[]
  from: string
  /** ISO instant. */
  at: string
  read: boolean
  draft: boolean
}

export interface Exchange {
  servers: ExchangeServer[]
}

export const empty = (): Exchange => ({ servers: [] })
