import { dataverse } from './dataverse.ts'
import { type Exchange, type Finding, type Judge, pathOf, type Scope, shown, type Verdict } from './exchange.ts'
import { judgeBy } from './openApi.ts'
import { operations } from './operations.ts'
import { follow } from './references.ts'
import type { Read } from './specs.ts'

/** The service behind a host name. The last three are not described. */
const hosts = {
  'Key Vault': /\.vault\.|\.vault$/,
  'Resource Manager': /^management\./,
  Graph: /^graph\./,
  Dataverse: /\.crm\d*\./,
  Entra: /^login\./,
  Exchange: /^mail\./,
  control: /^control\./,
} as const

export type Service = keyof typeof hosts | 'unknown'

/** Hosts of the servers that tests/azure builds by hand, whose answers are no answers of the sandbox. */
const byHand = /\.lab\.localhost$|\.contoso\.example$/

const nameOf = ({ host }: Exchange): string => host.toLowerCase().replace(/:\d+$/, '')

export const serviceOf = (exchange: Exchange): Service => {
  const name = nameOf(exchange)
  if (pathOf(exchange).toLowerCase() === '/ews/exchange.asmx') return 'Exchange'
  const services: readonly Service[] = ['Key Vault', 'Resource Manager', 'Graph', 'Dataverse', 'Entra', 'Exchange', 'control']
  return services.find((service) => service !== 'unknown' && hosts[service].test(name)) ?? 'unknown'
}

export const scopeOf = (exchange: Exchange): Scope => ({ request: exchange.by === 'hma', answer: !byHand.test(nameOf(exchange)) })

export interface Judged extends Verdict {
  readonly service: Service
  readonly scope: Scope
}

/** Judges one exchange by the descriptions of its service. */
export function judges(read: Read): (exchange: Exchange) => Judged {
  const judges: Partial<Record<Service, Judge>> = {
    'Key Vault': keyVault(read),
    'Resource Manager': resourceManager(read),
    Graph: graph(read),
    Dataverse: dataverse(read),
  }
  return (exchange) => {
    const [service, scope] = [serviceOf(exchange), scopeOf(exchange)]
    if (exchange.method === 'HEAD' && !scope.request) return { service, scope, ...withoutBody(exchange) }
    const verdict = judges[service]?.(exchange, scope) ?? { operation: service, findings: undefined }
    return { service, scope, ...verdict }
  }
}

/** What a HEAD of a test has to be like, whatever it asks for (https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2). */
function withoutBody({ answer }: Exchange): Verdict {
  const body: Finding = { of: 'answer', pointer: '', expected: 'no body', found: shown(answer.body) }
  return { operation: 'HEAD', findings: answer.body === '' ? [] : [body] }
}

const dataPlane = 'keyvault/data-plane/7.5'
const vaults = 'keyvault/resource-manager/2023-07-01'
const roles = 'keyvault/authorization/2022-04-01'
const graphPaths = 'graph/openapi.json'

function keyVault(read: Read): Judge {
  const options = { anyCase: false, versionless: true }
  return judgeBy(read, {
    operations: ['certificates', 'secrets'].flatMap((name) => operations(read, `${dataPlane}/${name}.json`, options)),
    prefix: '',
    refusal: follow(read, `${dataPlane}/common.json`, '#/definitions/KeyVaultError'),
  })
}

function resourceManager(read: Read): Judge {
  const options = { anyCase: true, versionless: false }
  const files = [
    ...['keyvault', 'secrets', 'providers'].map((name) => `${vaults}/${name}.json`),
    ...['RoleAssignments', 'RoleDefinitions', 'DenyAssignment'].map((name) => `${roles}/authorization-${name}Calls.json`),
  ]
  // A template that is one parameter alone fits every path, and says nothing of what is asked for.
  const all = files.flatMap((file) => operations(read, file, options)).filter(({ template }) => template.fixed > 1)
  return judgeBy(read, {
    operations: all,
    prefix: '',
    refusal: follow(read, `${vaults}/common.json`, '#/definitions/CloudError'),
  })
}

function graph(read: Read): Judge {
  return judgeBy(read, {
    operations: operations(read, graphPaths, { anyCase: false, versionless: false }),
    prefix: '/v1.0',
    refusal: follow(read, graphPaths, '#/components/schemas/ODataError'),
  })
}
