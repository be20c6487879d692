import type { Secret } from '../../core/secret.ts'

/** The certificate that a server showed in a handshake that succeeded. */
export interface Presented {
  /** Common name of who issued it. */
  readonly issuer: string
  /** ISO instant. */
  readonly expires: string
  /** `TLSv1.3`. */
  readonly protocol: string
}

/** IPv4 or IPv6: an address that a host has, and why no connection can be made to it. */
export interface Family {
  readonly family: 4 | 6
  readonly address: string
  /** `ECONNREFUSED`; undefined where it answers. */
  readonly problem?: string
}

/** One scheme of a `WWW-Authenticate` header: `Bearer`, with its parameters in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What Exchange, or whatever stands before it, says of a token that it does not take (`x-ms-diagnostics`). */
export interface Diagnostics {
  /** `2000003` */
  readonly code: string
  readonly reason: string
  /** `invalid_resource` */
  readonly category: string | undefined
}

/** Who answered: Exchange Server, Exchange Online, or something before it that answers in its place. */
export interface Responder {
  readonly kind: 'exchange' | 'exchangeOnline' | 'device'
  /** Header `Server`: `openresty`. */
  readonly name: string | undefined
}

/** How a server answers one who brings an empty token. */
export interface Greeting {
  readonly status: number
  readonly responder: Responder
  readonly challenges: readonly Challenge[]
  /** Where a redirect leads. */
  readonly location: string | undefined
  /** Not seen through a proxy. */
  readonly certificate: Presented | undefined
  /** Header `X-FEServer`. Undefined where Exchange did not answer. */
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
      /** What the code means and what helps, where it is known. */
      readonly advice: { readonly meaning: string; readonly hint: string } | undefined
      /** What the answer says besides: `Primary`, the primary address of the mailbox. */
      readonly values: Readonly<Record<string, string>>
      readonly diagnostics: Diagnostics | undefined
      readonly challenges: readonly Challenge[]
      readonly location: string | undefined
      /** Header `X-EWS-Policy-Reason`: it was Exchange Online that answered. */
      readonly policy: string | undefined
      /** Ids by which Microsoft's support finds the request, for the operator to note. */
      readonly requestId: string | undefined
      readonly server: string | undefined
    }

/** Exchange Web Services, as far as it takes to prove that one may use them. Refusals are answers; only silence is an error. */
export interface Exchange {
  /** POST, or where nothing but reads may go out GET, with an empty bearer (https://learn.microsoft.com/exchange/hybrid-deployment: a server with HMA answers 401 and a Bearer challenge). */
  greet(ewsUrl: string, method?: 'GET' | 'POST'): Promise<Greeting>
  /** How the host is reached over IPv4 and IPv6, where it has addresses of both. */
  families(ewsUrl: string): Promise<readonly Family[]>
  /** GetFolder of the mailbox's inbox, its id only, by impersonation. What passes by itself was retried. */
  openInbox(ewsUrl: string, token: Secret, mailbox: string): Promise<Opening>
}
