import type { Challenge, Greeting } from '../azure/exchange/port.ts'
import { need, type Step } from './chain.ts'
import { type Finding, failed, type Lost, passed, warning } from './finding.ts'
import { called, preAuthentication, redirected, wrongHost } from './inFront.ts'
import type { Subject } from './subject.ts'

type Judged = Pick<Subject, 'ewsUrl' | 'signInHosts' | 'hmaApp'>

/**
 * Does Exchange itself answer, and does it ask for an Entra token? With HMA on, an empty bearer is answered with 401
 * and a Bearer challenge that names `authorization_uri`
 * (https://learn.microsoft.com/exchange/clients/outlook-for-ios-and-android/use-hybrid-modern-auth).
 */
export async function challenge(subject: Judged, reached: Step<Greeting>): Promise<Finding<Greeting>> {
  const greeting = await need(reached)
  const bearer = greeting.challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')
  if (greeting.status !== 401) return otherAnswer(greeting, subject)
  if (!bearer) return noBearer(greeting)
  return judged(bearer, greeting, subject)
}

function otherAnswer({ status, location, responder }: Greeting, { ewsUrl }: Judged): Lost {
  const { host, pathname } = new URL(ewsUrl)
  if ((status >= 300 && status < 400) || status === 440) return redirected(ewsUrl, status, location)
  if (status === 404)
    return failed(
      `${host} has no ${pathname} (404).`,
      'Correct exchange.ewsUrl: it ends in /EWS/Exchange.asmx. Get-WebServicesVirtualDirectory | fl ExternalUrl shows it.',
    )
  if (status === 421) return wrongHost(host)
  if (status === 403)
    return responder.kind === 'device'
      ? failed(
          `${called(responder)} blocks requests, even those without a token (403).`,
          'Let requests for /EWS through the firewall or reverse proxy.',
        )
      : failed(
          `${host} blocks requests, even those without a token (403).`,
          'Let requests for /EWS through: an IP restriction of IIS, a firewall or a reverse proxy refuses them.',
        )
  if (status >= 500)
    return responder.kind === 'device'
      ? failed(
          `${called(responder)} answers ${status}: it cannot reach Exchange.`,
          'Check its log, and that it reaches the Exchange server.',
        )
      : failed(`${host} answers ${status}.`, 'Check the application pool MSExchangeServicesAppPool and its event log.')
  return failed(
    `${host} answers ${status} without a token, where Exchange answers 401.`,
    'Check that exchange.ewsUrl leads to Exchange Web Services, with nothing in front of it that answers instead.',
  )
}

function noBearer({ challenges, responder }: Greeting): Lost {
  const schemes = challenges.map(({ scheme }) => scheme).join(', ')
  if (challenges.length === 0)
    return failed(
      'The answer is 401 without WWW-Authenticate: a device in front of Exchange answered, not Exchange.',
      'Publish /EWS without pre-authentication, and let the header WWW-Authenticate through.',
    )
  if (responder.kind === 'device') return preAuthentication(schemes, responder)
  return failed(
    `Exchange offers ${schemes} and no Bearer: OAuth is off.`,
    'Set-WebServicesVirtualDirectory -OAuthAuthentication $true on every server, and Set-OrganizationConfig -OAuth2ClientProfileEnabled $true; then run iisreset. exchange.setup writes a script that does it.',
  )
}

function judged({ parameters }: Challenge, greeting: Greeting, subject: Judged): Finding<Greeting> {
  const { authorization_uri: uri = '', trusted_issuers: issuers = '', client_id: client } = parameters
  if (uri === '')
    return failed(
      'Exchange takes tokens, but names no authorization_uri: Hybrid Modern Authentication is not enabled.',
      'Set-AuthServer -Identity "EvoSTS - <GUID>" -IsDefaultAuthorizationEndpoint $true, and Set-OrganizationConfig -OAuth2ClientProfileEnabled $true. exchange.setup writes a script that does it.',
    )
  const host = hostOf(uri)
  if (!subject.signInHosts.includes(host))
    return failed(
      `Exchange sends clients to ${host || uri} for a token, which is not where this cloud signs in.`,
      'Get-AuthServer | fl Name,AuthorizationEndpoint,IsDefaultAuthorizationEndpoint: the default must be EvoSTS of this cloud.',
    )
  return trusting(issuers, subject, greeting, client === undefined ? '' : ` It calls itself ${client}.`)
}

/** `00000001-0000-0000-c000-000000000000@<tenant id>`, several with commas between; `*` is any tenant. */
function trusting(issuers: string, { hmaApp }: Judged, greeting: Greeting, note: string): Finding<Greeting> {
  const tenants = issuers.split(',').flatMap((issuer) => issuer.trim().split('@').slice(1))
  if (tenants.length === 0)
    return warning(
      `Exchange asks for a token from Entra and does not say which tenant it trusts.${note}`,
      'Get-AuthServer | fl Name,Realm: the realm of EvoSTS must be the tenant of HMA-App.',
      greeting,
    )
  if (tenants.some((tenant) => tenant === '*' || tenant.toLowerCase() === hmaApp.tenantId))
    return passed(`Exchange asks for a token of tenant ${hmaApp.tenantId}.${note}`, greeting)
  return failed(
    `Exchange trusts ${tenants.join(', ')}, and HMA-App signs in to tenant ${hmaApp.tenantId}.`,
    'Set hmaApp.tenantId to the tenant with which Exchange is hybrid; or run the Hybrid Configuration Wizard for the tenant that is configured.',
  )
}

const hostOf = (uri: string): string => (URL.canParse(uri) ? new URL(uri).hostname.toLowerCase() : '')
