import type { Responder } from '../azure/exchange/port.ts'
import { failed, type Lost } from './finding.ts'

/** What answered in place of Exchange, by its `Server` header. */
export const called = ({ name }: Responder): string => `A device in front of Exchange${name === undefined ? '' : ` (${name})`}`

/** A device that requires its own sign-in. */
export const preAuthentication = (schemes: string, responder: Responder): Lost =>
  failed(
    `${called(responder)} answered instead of Exchange, and asks for ${schemes}.`,
    'Publish /EWS without pre-authentication: Dynamics sends only a token for Exchange.',
  )

/** The host name leads to a server that does not serve it. */
export const wrongHost = (host: string): Lost =>
  failed(
    `What answers at ${host} does not serve this name (421).`,
    'Add the name to the publishing rule of the reverse proxy or load balancer, for TLS and for HTTP alike, or correct exchange.ewsUrl.',
  )

/** What a redirect means, judged by its target. */
export function redirected(ewsUrl: string, status: number, location: string | undefined): Lost {
  const { host, protocol } = new URL(ewsUrl)
  const target = location !== undefined && URL.canParse(location) ? new URL(location) : undefined
  if (target !== undefined && isEws(target) && target.href !== ewsUrl) {
    const moved = `${host} redirects to another address of Exchange Web Services, ${pathOf(target.href)} (${status})`
    return target.host === host && target.protocol !== protocol
      ? failed(`${moved}.`, `Set exchange.ewsUrl to ${pathOf(target.href)}: Dynamics does not follow redirects.`)
      : failed(
          `${moved}.`,
          `Set exchange.ewsUrl to ${pathOf(target.href)} if that is Exchange Server, and exchange.resourceId to its host: Dynamics does not follow redirects.`,
        )
  }
  const where = location === undefined ? '' : `, to ${pathOf(location)}`
  return failed(
    `A device in front of ${host} requires its own sign-in (${status}${where}).`,
    'Publish /EWS without pre-authentication: Dynamics sends a token; it cannot fill in a form.',
  )
}

const isEws = ({ pathname }: URL): boolean => /\/ews\/exchange\.asmx$/i.test(pathname)

const pathOf = (location: string): string => location.split('?')[0] ?? location
