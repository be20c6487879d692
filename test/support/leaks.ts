import { createHash, createPrivateKey } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'

/** Collects every secret that existed, and searches output and files for them. */
export interface Leaks {
  /** A secret by its value. `name` is what the search reports. */
  know(name: string, value: string | Uint8Array): void
  /** A private key, PEM: by the parts of which nothing is public. */
  knowKey(name: string, pem: string): void
  /** All that a sandbox holds at this moment. */
  knowWorld(world: World): void
  /** The names of the secrets that a text shows, as they are or encoded. */
  in(text: string): readonly string[]
  /** How many are known. */
  count(): number
}

export function leaks(): Leaks {
  const needles = new Map<string, string>()
  const hashes = new Map<string, string>()
  const names = new Set<string>()
  const know: Leaks['know'] = (name, value) => {
    names.add(name)
    for (const form of forms(Buffer.from(value))) needles.set(form, name)
  }
  const knowKey: Leaks['knowKey'] = (name, pem) => {
    const jwk = createPrivateKey(pem).export({ format: 'jwk' })
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) {
      const value = jwk[part]
      if (typeof value === 'string') know(`${name} (${part})`, Buffer.from(value, 'base64url'))
    }
  }
  return {
    know,
    knowKey,
    knowWorld({ keys, directory, vaults }) {
      knowKey('the key that signs tokens', keys.tokens)
      knowKey("the authority's key", keys.authority.key)
      for (const { clientId, clientSecret } of directory.principals) know(`the secret of the principal ${clientId}`, clientSecret)
      for (const { applications } of Object.values(directory.tenants))
        for (const { displayName, passwordCredentials } of Object.values(applications))
          for (const { sha256 } of passwordCredentials) hashes.set(sha256, `a client secret of ${displayName}`)
      for (const { certificates, secrets } of Object.values(vaults)) {
        // Empty, once it has gone into a version.
        for (const { name, versions, operation } of Object.values(certificates))
          for (const { privateKey } of [...versions, ...(operation ? [operation] : [])])
            if (privateKey) knowKey(`the key of ${name}`, privateKey)
        for (const { name, versions } of Object.values(secrets))
          for (const { value } of versions) know(`the secret ${name}`, value)
      }
    },
    in: (text) => [...new Set([...bySight(text), ...byNeedle(text, needles), ...byHash(text, hashes)])],
    count: () => names.size + hashes.size,
  }
}

/** Patterns that only secrets match: Entra's secrets, tokens, private keys, PKCS#12. */
const confirmations: readonly (readonly [string, RegExp])[] = [
  ['what looks like a client secret', /[\w.~-]{3}8Q~[\w.~-]{34}/],
  ['what looks like a token', /eyJ[\w-]{8,}\.[\w-]+\./],
  ['a private key', /PRIVATE KEY-----/],
  ['what looks like a PKCS#12', /MII[\w+/]{2}[AQgw]IBAzCC/],
]

const bySight = (text: string): string[] => confirmations.flatMap(([name, sight]) => (sight.test(text) ? [name] : []))

function byNeedle(text: string, needles: ReadonlyMap<string, string>): string[] {
  // A text that was wrapped, or quoted in JSON, is the same text.
  const flat = text.replaceAll(/\s|\\[nrt]/g, '')
  const escaped = flat.replaceAll('\\', '')
  return [...needles].flatMap(([needle, name]) => (flat.includes(needle) || escaped.includes(needle) ? [name] : []))
}

/** Every stretch of the length of a client secret, as the directory would check it. */
function byHash(text: string, hashes: ReadonlyMap<string, string>): string[] {
  const stretches = new Set((text.match(/[\w.~-]{40,}/g) ?? []).flatMap((run) => windows(run, 40)))
  return [...stretches].flatMap((one) => hashes.get(createHash('sha256').update(one).digest('hex')) ?? [])
}

const windows = (text: string, length: number): string[] =>
  Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length))

/** As text, in hex, in base64 at each of the three places where it may begin in something longer, and in a URL. */
function forms(value: Buffer): string[] {
  const text = value.toString('utf8')
  const plain = /^[\x20-\x7e]+$/.test(text) ? [text.replaceAll(/\s/g, ''), encodeURIComponent(text)] : []
  const base64 = [0, 1, 2].map((lead) => {
    const whole = Buffer.concat([Buffer.alloc(lead), value])
      .toString('base64')
      .replaceAll('=', '')
    // The first characters, and the last one, mix with what is next to them.
    return whole.slice(lead === 0 ? 0 : lead + 1, -1)
  })
  const hex = value.toString('hex')
  const encoded = [...base64, ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')), hex, hex.toUpperCase()]
  return [...plain, ...encoded.flatMap(pieces)]
}

/** A part that leaks is a leak. */
const pieces = (text: string): string[] =>
  text.length <= 48 ? [text] : Array.from({ length: Math.floor(text.length / 24) }, (_, at) => text.slice(at * 24, at * 24 + 24))
