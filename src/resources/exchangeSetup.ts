import type { Kind } from '../core/kind.ts'
import { type Live, scriptFile } from './exchangeScript/file.ts'
import { quoted, script } from './exchangeScript/template.ts'
import type { Files } from './files.ts'

/** The oldest build of a version of Exchange that supports Hybrid Modern Authentication. */
export type Minimum = {
  readonly name: string
  /** The first build of the version, `15.2`. */
  readonly from: string
  readonly least: string
  /** What brings that build: `Cumulative Update 1`. */
  readonly update: string
}

export type Spec = {
  /** The script's path as messages and plans show it. */
  readonly path: string
  readonly deployment: string
  readonly ewsUrl: string
  /** The tenant with which Exchange is hybrid. */
  readonly tenantId: string
  /** This cloud's sign-in hosts, the usual one first. */
  readonly signInHosts: readonly string[]
  /** The mailbox scope, if hma writes a script for that too. */
  readonly scope?: { readonly scopeName: string; readonly assignmentName: string }
  /** Newest version first. */
  readonly minimums: readonly Minimum[]
}

/** The PowerShell script with which an Exchange administrator checks and sets what Hybrid Modern Authentication needs. */
export const exchangeSetup = (files: Files): Kind<Spec, Live, 'path'> =>
  scriptFile(files, {
    values: [
      { field: 'ewsUrl', parameter: 'EwsUrl', why: 'it is for another EWS address' },
      { field: 'tenantId', parameter: 'TenantId', why: 'it is for another tenant' },
    ],
    text: setupScript,
  })

/** Everything comes from the configuration itself, so it is known from the start. */
export function setupScript(spec: Partial<Spec>): string | undefined {
  const { deployment, ewsUrl, tenantId, signInHosts, minimums, scope } = spec
  if (!deployment || !ewsUrl || !tenantId || !signInHosts || !minimums) return undefined
  const { scopeName = '', assignmentName = '' } = scope ?? {}
  return script('setup', {
    deployment,
    values: { deployment, ewsUrl, tenantId, signInHosts, scopeName, assignmentName },
    lines: { minimums: minimums.map(line) },
  })
}

const line = ({ name, from, least, update }: Minimum): string =>
  `[pscustomobject] @{ name = ${quoted(name)}; from = [version] ${quoted(from)}; least = [version] ${quoted(least)}; update = ${quoted(update)} }`
