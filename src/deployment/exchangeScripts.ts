import { displayed } from '../config/read/files.ts'
import { ref } from '../core/graph.ts'
import type { Node } from '../core/kind.ts'
import { oldestBuilds } from '../proof/exchangeBuilds.ts'
import type { Spec as ExchangeSetup } from '../resources/exchangeSetup.ts'
import type { Spec as MailboxScope } from '../resources/mailboxScope/mailboxScope.ts'
import { scopeNames } from '../resources/mailboxScope/script.ts'
import { type Material, node } from './node.ts'
import { signInHosts } from './signInHosts.ts'

/** Scripts for an Exchange administrator. */
export const exchangeScripts = (material: Material): Node[] => [...mailboxScope(material), ...exchangeSetup(material)]

function mailboxScope({ configuration, at, directory }: Material): Node[] {
  const { name: deployment, exchange } = configuration
  if (!exchange.mailboxScope) return []
  const { script, filter } = exchange.mailboxScope
  const path = pathOf(script, directory)
  return [node<MailboxScope>(at('mailboxScope'), 'mailboxScope', { path, deployment, filter, appId: ref(at('hmaApp'), 'appId') })]
}

function exchangeSetup({ configuration, at, directory, authorityHost }: Material): Node[] {
  const { name: deployment, exchange, hmaApp } = configuration
  if (!exchange.setup) return []
  const spec: ExchangeSetup = {
    path: pathOf(exchange.setup.script, directory),
    deployment,
    ewsUrl: exchange.ewsUrl,
    tenantId: hmaApp.tenantId,
    signInHosts: signInHosts(authorityHost),
    ...(exchange.mailboxScope && { scope: scopeNames(deployment) }),
    minimums: oldestBuilds,
  }
  return [node<ExchangeSetup>(at('exchangeSetup'), 'exchangeSetup', spec)]
}

const pathOf = (script: string, directory: string | undefined): string =>
  directory === undefined ? script : displayed(script, directory).replaceAll('\\', '/')
