import { type Asked, nameOf } from './asked.ts'
import { demand } from './demand.ts'
import { attributesView, find } from './erasable.ts'
import { notFound } from './errors.ts'
import { publicNumbers, specOf } from './keyPairs.ts'

/** A key on a curve signs; an RSA key encrypts besides. */
const operationsOf = (privateKey: string): string[] =>
  specOf(privateKey)?.kty === 'EC' ? ['sign', 'verify'] : ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey']

/** The public key of a certificate. The sandbox holds no keys of their own. */
export function getKey(asked: Asked): Response {
  const name = nameOf(asked)
  const version = asked.req.param('version')?.toLowerCase()
  demand(asked, 'keys', 'get', name)
  const certificate = find(asked, asked.var.vault.certificates, name)
  const versions = certificate?.versions ?? []
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
  if (!certificate || !found) throw notFound('key', version === undefined ? name : `${name}/${version}`)
  const kid = `${asked.var.base}/keys/${certificate.name}/${found.version}`
  return asked.json({
    key: {
      kid,
      kty: specOf(found.privateKey)?.kty,
      key_ops: operationsOf(found.privateKey),
      ...publicNumbers(found.privateKey),
    },
    attributes: { ...attributesView(asked, found.attributes), exportable: found.exportable },
    ...(found.tags && { tags: found.tags }),
    managed: true,
  })
}
