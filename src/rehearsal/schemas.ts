import { snapshotFormat } from './format.ts'

const text = { type: 'string' } as const
const object = { type: 'object' } as const
const number = { type: 'number' } as const
const whole = { type: 'integer', minimum: 0 } as const
const texts = { type: 'array', items: text } as const
const objects = { type: 'array', items: object } as const
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' } as const

type Properties = Readonly<Record<string, object>>

const closed = (properties: Properties, optional: Properties = {}) => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
  additionalProperties: false,
})

const list = (items: object) => ({ type: 'array', items })
const titled = (title: string, schema: object) => ({ $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema })

const inTenant = list(closed({ tenantId: text, body: object }))
const inEnvironment = list(closed({ environmentUrl: text, body: object }))

const copy = closed({
  at: instant,
  ...{ applications: inTenant, deletedApplications: inTenant, servicePrincipals: inTenant, consents: inTenant },
  policies: inTenant,
  assignedPolicies: list(closed({ tenantId: text, applicationId: text, body: object })),
  ...{ resourceGroups: objects, absentGroups: texts, vaults: objects, deletedVaults: inTenant, reachedVaults: texts },
  roleAssignments: objects,
  certificates: list(closed({ vault: text, name: text, bundle: object }, { pending: object, former: objects })),
  secrets: list(closed({ vault: text, name: text, versions: objects })),
  organizations: list(closed({ environmentUrl: text, organizationId: text, businessUnitId: text })),
  ...{ profiles: inEnvironment, mailboxes: inEnvironment },
  rows: list(closed({ environmentUrl: text, table: { enum: ['keyvaultreference', 'managedidentity'] }, body: object })),
  held: { type: 'object', additionalProperties: text },
  exchange: list(
    closed(
      {
        ewsUrl: text,
        status: whole,
        challenges: list(closed({ scheme: text, parameters: { type: 'object', additionalProperties: text } })),
      },
      { server: text, build: { type: 'string', pattern: '^\\d+(\\.\\d+){3}$' } },
    ),
  ),
  brought: texts,
})

const action = { enum: ['none', 'create', 'update', 'adopt', 'remove', 'manual'] }
const change = closed({ address: text, action, fields: texts }, { reason: text })
const right = { right: text, kind: text, at: text, status: { enum: ['present', 'missing', 'unknown'] } }

/** What `hma rehearse --save` writes and `--from` reads. */
export const snapshotSchema = titled(
  'A copy of deployments for hma rehearse',
  closed({
    format: { const: snapshotFormat },
    hmaVersion: text,
    takenAt: instant,
    deployments: list(
      closed({ name: text, copy, assumptions: texts }, { plan: list(change), rights: list(closed({ ...right, kinds: texts })) }),
    ),
  }),
)

const told = { address: text, text }
const run = { at: instant, changes: list(change), failures: list(closed(told)), waiting: list(closed(told)) }
const outage = closed({ from: instant, why: text }, { to: instant })
const life = closed({
  sort: { enum: ['certificate', 'secret'] },
  ...{ application: text, keyId: text, expires: instant, from: instant, to: instant },
})
const year = { from: instant, to: instant, runs: list(closed(run)), outages: list(outage), lives: list(life) }
const faultOutcome = closed({ seed: whole, broke: texts, left: texts })

/** What `hma rehearse --json` prints. */
export const reportSchema = titled(
  'The report of hma rehearse',
  closed({
    formatVersion: { const: '1.0' },
    hmaVersion: text,
    takenAt: instant,
    deployments: list(
      closed(
        {
          name: text,
          verdict: { enum: ['holds', 'breaks', 'differs', 'person'] },
          ...{ planCompared: { type: 'boolean' }, planDiffers: texts, plan: list(change) },
          apply: closed({ ...run, broke: texts }),
          faults: closed({ schedules: whole, at: instant, broken: list(faultOutcome) }),
          year: closed({ ...year, everyHours: number }),
          person: list(closed({ ...told, since: instant })),
          rights: list(closed({ ...right, writes: texts })),
          assumptions: texts,
        },
        { absence: closed({ ...year, days: number }) },
      ),
    ),
  }),
)
