import type { Secret } from '../../core/secret.ts'

/** The certificate of a server, from a successful handshake. */
export interface Presented {
  /** Common name of the issuer. */
  readonly issuer: string
  /** ISO instant. */
  readonly expires: string
  /** `TLSv1.3`. */
  readonly protocol: string
}

/** IPv4 or IPv6: an address of a host, and why it cannot be connected to. */
export interface Family {
  readonly family: 4 | 6
  readonly address: string
  /** `ECONNREFUSED`; undefined if it answers. */
  readonly problem?: string
}

/** One scheme of a `WWW-Authenticate` header: `Bearer`, with its parameters in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What Exchange, or a device in front of it, says about a token it refuses (`x-ms-diagnostics`). */
export interface Diagnostics {
  /** `2000003` */
  readonly code: string
  readonly reason: string
  /** `invalid_resource` */
  readonly category: string | undefined
}

/** Who answered: Exchange Server, Exchange Online, or a device in front of it. */
export interface Responder {
  readonly kind: 'exchange' | 'exchangeOnline' | 'device'
  /** Header `Server`: `openresty`. */
  readonly name: string | undefined
}

/** How a server answers a request with an empty token. */
export interface Greeting {
  readonly status: number
  readonly responder: Responder
  readonly challenges: readonly Challenge[]
  /** The target of a redirect. */
  readonly location: string | undefined
  /** Not visible through a proxy. */
  readonly certificate: Presented | undefined
  /** Header `X-FEServer`. Undefined if it was not Exchange that answered. */
  readonly server: string | undefined
}

/** A mailbox's inbox was opened, or why not. */
export type Opening =
  | {
      readonly opened: true
      readonly responder: Responder
      /** `15.2.2562.17`, of `ServerVersionInfo`. */
      readonly build: string | undefined
      readonly server: string | undefined
    }
  | {
      readonly opened: false
      readonly responder: Responder
      readonly status: number
      /** Response code of EWS: `ErrorImpersonateUserDenied`. */
      readonly code: string | undefined
      readonly message: string | undefined
      /** What the code means and what helps, if known. */
      readonly advice: { readonly meaning: string; readonly hint: string } | undefined
      /** More from the answer: `Primary`, the primary address of the mailbox. */
      readonly values: Readonly<Record<string, string>>
      readonly diagnostics: Diagnostics | undefined
      readonly challenges: readonly Challenge[]
      readonly location: string | undefined
      /** Header `X-EWS-Policy-Reason`: it was Exchange Online that answered. */
      readonly policy: string | undefined
      /** Ids by which Microsoft's support finds the request; shown to the user. */
      readonly requestId: string | undefined
      readonly server: string | undefined
    }

/** Just enough of Exchange Web Services to prove that they can be used. A refusal is an answer; only a missing answer is an error. */
export interface Exchange {
  /**
   * POST, or GET where only reads are allowed, with an empty bearer (https://learn.microsoft.com/exchange/hybrid-deployment: a server
   * with HMA answers 401 and a Bearer challenge).
   */
  greet(ewsUrl: string, method?: 'GET' | 'POST'): Promise<Greeting>
  /**
   * The build that Outlook on the web shows without sign-in: `15.2.2562.17`. Undefined if a device in front removes it, for example.
   * Microsoft does not document the header; Metasploit reads it there:
   * https://github.com/rapid7/metasploit-framework/blob/master/lib/msf/core/exploit/remote/http/exchange.rb
   */
  shownBuild(ewsUrl: string): Promise<string | undefined>
  /** How the host is reached over IPv4 and IPv6, if it has both kinds of addresses. */
  families(ewsUrl: string): Promise<readonly Family[]>
  /** GetFolder of the mailbox's inbox (its id only) by impersonation. Transient errors have been retried. */
  openInbox(ewsUrl: string, token: Secret, mailbox: string): Promise<Opening>
}
