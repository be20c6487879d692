import { displayed } from '../config/read/files.ts'
import type { Foreign } from '../config/read/reader.ts'
import type { Configuration, Credential } from '../config/schema.ts'
import type { PlanScope } from '../core/planFile.ts'
import { fingerprints, withoutForeign } from './foreignValues.ts'

interface Origin {
  readonly foreign: readonly Foreign[]
  /** Where relative paths start. */
  readonly directory: string
}

/** What determines where and as whom hma writes: a plan states it, and its digest covers it. It contains no secrets. */
export function scopeOf(configuration: Configuration, { foreign, directory }: Origin): PlanScope {
  const { name, cloud, auth, keyVault, hmaApp, exchange, dynamics, safety } = configuration
  const file = (path: string): string => displayed(path, directory).replaceAll('\\', '/')
  const { tenantId, subscriptionId, resourceGroup } = keyVault
  const facts = {
    cloud: typeof cloud === 'string' ? cloud : { ...cloud, ...(cloud.caFile !== undefined && { caFile: file(cloud.caFile) }) },
    auth: Object.fromEntries(Object.entries(auth).map(([tenant, one]) => [tenant, signIn(one, file)])),
    keyVault: { tenantId, subscriptionId, resourceGroup, name: keyVault.name },
    hmaApp: { tenantId: hmaApp.tenantId },
    exchange: {
      ...{ ewsUrl: exchange.ewsUrl, resourceId: exchange.resourceId, trustEwsHost: exchange.trustEwsHost },
      ...(exchange.testMailbox !== undefined && { testMailbox: exchange.testMailbox }),
    },
    ...(dynamics && { dynamics: { environmentUrl: dynamics.environmentUrl, tenantId: dynamics.tenantId } }),
    safety,
  }
  const clean = withoutForeign(foreign)
  const shown: PlanScope = JSON.parse(
    JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value)),
  )
  const variables = fingerprints(foreign, name)
  return Object.keys(variables).length === 0 ? shown : { ...shown, variables }
}

function signIn(credential: Credential, file: (path: string) => string) {
  const { credential: kind, clientId } = credential
  const certificateFile = 'certificateFile' in credential ? file(credential.certificateFile) : undefined
  return {
    credential: kind,
    ...(clientId !== undefined && { clientId }),
    ...(certificateFile !== undefined && { certificateFile }),
  }
}
