import { posix, relative, sep } from 'node:path'
import type { SignInSettings } from '../signIn.ts'
import type { Entry } from './entry.ts'

/** What a file in `folder` has to say to reach the same cloud. */
export function copiedCloud({ written: { cloud }, folder: from }: SignInSettings, folder: string): Entry {
  if (!isRecord(cloud)) return verbatim('cloud', String(cloud))
  const entries = Object.entries(cloud).map(([key, one]) => verbatim(key, pathOr(key, String(one), { from, folder })))
  return { key: 'cloud', entries }
}

/**
 * What a file in `folder` has to say to sign in the same way, to these tenants or all of them. A reference to the
 * environment stays a reference. A secret in the file itself is replaced by a reference. The first document that names a tenant counts.
 */
export function copiedAuth(
  signIns: readonly SignInSettings[],
  tenants: ReadonlySet<string> | undefined,
  folder: string,
): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const { written, folder: from, file } of signIns)
    for (const [tenant, credential] of Object.entries(isRecord(written.auth) ? written.auth : {})) {
      const id = tenant.toLowerCase()
      if (entries.has(id) || (tenants && !tenants.has(id)) || !isRecord(credential)) continue
      const fields = Object.entries(credential).map(([key, one]) => field(key, String(one), { tenant, from, folder, file }))
      entries.set(id, { key: tenant, entries: fields })
    }
  return entries.size === 0 ? [] : [{ key: 'auth', entries: [...entries.values()] }]
}

interface Move {
  readonly from: string
  readonly folder: string
}

function field(key: string, text: string, move: Move & { readonly tenant: string; readonly file: string }): Entry {
  const isOpen = key in secrets && !/^(\$\{\w+\})+$/.test(text)
  if (!isOpen) return verbatim(key, pathOr(key, text, move))
  const variable = `HMA_${secrets[key]}_${move.tenant.slice(0, 8).toUpperCase()}`
  return { ...verbatim(key, `\${${variable}}`), comment: `not copied from ${move.file}: set this variable` }
}

const secrets: Readonly<Record<string, string>> = { clientSecret: 'CLIENT_SECRET', certificatePassword: 'CERTIFICATE_PASSWORD' }

const verbatim = (key: string, value: string): Entry => ({ key, value, verbatim: true })

/** A relative path, seen from the other folder. One that begins with a variable counts as absolute. */
function pathOr(key: string, text: string, { from, folder }: Move): string {
  if (!/File$/.test(key) || /^([/\\]|[A-Za-z]:[\\/]|\$\{)/.test(text)) return text
  const path = posix.join(relative(folder, from).split(sep).join('/'), text.replaceAll('\\', '/'))
  return path.startsWith('../') ? path : `./${path}`
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
