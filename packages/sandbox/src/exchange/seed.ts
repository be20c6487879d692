import type { Azure, Seed, SeededPrincipal } from '../azure.ts'
import { hostName } from './server.ts'
import type { ExchangeServer } from './state.ts'

/** Microsoft's public cloud answers under this older name in Exchange's challenges. */
const publicLogin = 'login.microsoftonline.com'

/** The Exchange organisations that the deployments name, with their mailboxes, all in working order. */
export function seed(azure: Azure, seed: Seed, _principals: readonly SeededPrincipal[]): void {
  for (const { exchange, dynamics } of seed.deployments) {
    const server = serverOf(azure, seed.hosts.login, exchange)
    const addresses = [...(exchange.testMailbox === undefined ? [] : [exchange.testMailbox]), ...(dynamics?.mailboxes ?? [])]
    for (const address of addresses.map((each) => each.toLowerCase())) {
      const mark = `exchange/${hostName(exchange.ewsUrl)}/${address}`
      if (azure.world.seeded.includes(mark)) continue
      server.mailboxes.push(address)
      azure.world.seeded.push(mark)
    }
  }
}

function serverOf(azure: Azure, login: string, exchange: Seed['deployments'][number]['exchange']): ExchangeServer {
  const host = hostName(exchange.ewsUrl)
  const known = azure.world.exchange.servers.find(({ ewsUrl }) => hostName(ewsUrl) === host)
  if (known !== undefined) return known
  const server: ExchangeServer = {
    tenantId: exchange.tenantId.toLowerCase(),
    ewsUrl: exchange.ewsUrl,
    resourceId: exchange.resourceId.replace(/\/+$/, ''),
    serverName: 'EX01',
    build: '15.2.2562.56',
    hmaEnabled: true,
    authorizationUri: `https://${login === publicLogin ? 'login.windows.net' : login}/common/oauth2/authorize`,
    oauthEnabled: true,
    trustedTenantId: exchange.tenantId.toLowerCase(),
    sslOffload: false,
    preAuthentication: 'none',
    ewsEnabled: true,
    mailboxes: [],
    outOfScope: [],
  }
  azure.world.exchange.servers.push(server)
  return server
}
