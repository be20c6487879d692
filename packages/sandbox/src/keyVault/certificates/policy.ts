import {
  booleanAt,
  isObject,
  isText,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  same,
  textAt,
} from '../../resourceManager/json.ts'
import { badParameter } from '../errors.ts'
import { curves } from '../keys/keyPairs.ts'
import type { Policy, Sans } from '../state.ts'
import { encodeName } from './distinguishedName.ts'
import { readLifetimeActions } from './lifetimeActions.ts'
import { keyUsages } from './x509.ts'

const pfx = 'application/x-pkcs12'
const contentTypes = [pfx, 'application/x-pem-file']
const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const clientAuthentication = '1.3.6.1.5.5.7.3.2'

/** The defaults of a policy. */
export const defaultPolicy = (issuer: string, now: number): Policy => ({
  key_props: { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false },
  secret_props: { contentType: pfx },
  x509_props: {
    subject: '',
    ekus: [serverAuthentication, clientAuthentication],
    key_usage: ['digitalSignature', 'keyEncipherment'],
    validity_months: 12,
    basic_constraints: { ca: false },
  },
  lifetime_actions: [
    {
      trigger: { lifetime_percentage: 80 },
      action: { action_type: same(issuer, 'Unknown') ? 'EmailContacts' : 'AutoRenew' },
    },
  ],
  issuer: { name: issuer },
  attributes: { enabled: true, created: now, updated: now },
})

/** The policy of a request to create or import, completed with defaults. */
export function readPolicy(body: JsonObject, now: number): Policy {
  const issuer = textAt(objectAt(body, 'issuer'), 'name') ?? 'Unknown'
  return mergePolicy(defaultPolicy(issuer, now), body, now)
}

/** A policy with a request's changes; what the request leaves out stays. */
export function mergePolicy(policy: Policy, body: JsonObject, now: number): Policy {
  const x509 = mergeX509(policy.x509_props, objectAt(body, 'x509_props'))
  const issuer = mergeIssuer(policy.issuer, objectAt(body, 'issuer'))
  const actions = listAt(body, 'lifetime_actions')
  return {
    key_props: mergeKey(policy.key_props, objectAt(body, 'key_props')),
    secret_props: { contentType: readContentType(objectAt(body, 'secret_props')) ?? policy.secret_props.contentType },
    x509_props: x509,
    lifetime_actions: actions ? readLifetimeActions(actions, issuer.name, x509.validity_months) : policy.lifetime_actions,
    issuer,
    attributes: {
      enabled: booleanAt(objectAt(body, 'attributes'), 'enabled') ?? policy.attributes.enabled,
      created: policy.attributes.created,
      updated: now,
    },
  }
}

function mergeKey(present: Policy['key_props'], body: JsonObject): Policy['key_props'] {
  const reuse = {
    exportable: booleanAt(body, 'exportable') ?? present.exportable,
    reuse_key: booleanAt(body, 'reuse_key') ?? present.reuse_key,
  }
  const kty = textAt(body, 'kty') ?? present.kty
  if (kty === 'EC') return { ...reuse, kty, ...curveOf(body, present) }
  // The real service makes HSM keys too, in a premium vault.
  if (kty !== 'RSA')
    throw badParameter(`Key type '${kty}' is not supported. The sandbox makes certificates of types 'RSA' and 'EC'.`)
  const size = numberAt(body, 'key_size') ?? (present.kty === 'RSA' ? present.key_size : 2048)
  if (![2048, 3072, 4096].includes(size)) throw badParameter(`Key size '${size}' is not supported for key type 'RSA'.`)
  return { ...reuse, kty, key_size: size }
}

/** A curve by its name or, where only a size is given, by that. */
function curveOf(body: JsonObject, present: Policy['key_props']): { key_size: number; crv: string } {
  const size = numberAt(body, 'key_size')
  const crv = textAt(body, 'crv') ?? (size === undefined ? (present.crv ?? 'P-256') : `P-${size}`)
  const bits = curves[crv]?.bits
  if (bits !== undefined && (size ?? bits) === bits) return { key_size: bits, crv }
  throw badParameter(`The curve '${crv}' of ${size ?? 'its'} bits is not supported for key type 'EC'.`)
}

export function readContentType(body: JsonObject): string | undefined {
  const type = textAt(body, 'contentType')
  if (type === undefined || contentTypes.includes(type)) return type
  throw badParameter(`Content type '${type}' is not supported. Use one of: ${contentTypes.join(', ')}.`)
}

function mergeX509(present: Policy['x509_props'], body: JsonObject): Policy['x509_props'] {
  const months = numberAt(body, 'validity_months') ?? present.validity_months
  if (!Number.isInteger(months) || months < 0) throw badParameter(`'validity_months' has an invalid value: ${months}.`)
  const sans = isObject(body.sans) ? readSans(body.sans) : present.sans
  return {
    subject: readSubject(body) ?? present.subject,
    ...(sans && { sans }),
    ekus: texts(body, 'ekus', (value) => /^\d+(\.\d+)+$/.test(value)) ?? present.ekus,
    key_usage: texts(body, 'key_usage', (value) => value in keyUsages)?.sort() ?? present.key_usage,
    validity_months: months,
    basic_constraints: present.basic_constraints,
  }
}

function readSubject(body: JsonObject): string | undefined {
  const subject = textAt(body, 'subject')
  if (!subject) return subject
  if (subject.length > 200) throw badParameter("'subject' is longer than 200 characters.")
  if (encodeName(subject)) return subject
  throw badParameter(`The subject '${subject}' is not a valid X.500 distinguished name.`)
}

function texts(body: JsonObject, name: string, valid: (value: string) => boolean): string[] | undefined {
  const list = listAt(body, name)
  if (!list) return undefined
  return list.map((value) => {
    if (isText(value) && valid(value)) return value
    throw badParameter(`'${name}' has an invalid value: ${JSON.stringify(value)}.`)
  })
}

const kinds = ['emails', 'dns_names', 'upns', 'uris', 'ipAddresses'] as const

function readSans(body: JsonObject): Sans {
  const sans: Sans = {}
  for (const kind of kinds) {
    const names = texts(body, kind, (value) => value !== '')
    if (names) sans[kind] = names
  }
  return sans
}

function mergeIssuer(present: Policy['issuer'], body: JsonObject): Policy['issuer'] {
  const [cty, transparency] = [textAt(body, 'cty'), booleanAt(body, 'cert_transparency')]
  return {
    ...present,
    name: textAt(body, 'name') ?? present.name,
    ...(cty !== undefined && { cty }),
    ...(transparency !== undefined && { cert_transparency: transparency }),
  }
}
