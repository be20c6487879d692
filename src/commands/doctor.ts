import type { Check } from '../core/kind.ts'
import type { Remark } from '../core/remark.ts'
import { clockTolerance } from '../core/time.ts'
import { difference, noticeable } from '../deployment/clock.ts'
import type { RightFound } from '../deployment/heldRights.ts'
import { type Purpose, purposes } from '../deployment/rights.ts'
import type { Examination } from '../session/examination.ts'
import type { TenantFound } from '../session/examine.ts'
import type { HostFound } from '../session/examineHosts.ts'
import { moment } from '../views/moment.ts'
import type { View } from '../views/view.ts'
import { setIt } from './clock.ts'
import { exit } from './exitCode.ts'

export interface DoctorArguments {
  /** Checks only the rights for this purpose. */
  readonly for?: Purpose
}

interface Place {
  readonly view: View
  examine(): Promise<Examination>
}

/** `hma doctor`: who is signed in where, what is missing, and whether this machine is ready. Writes nothing and needs no configuration. */
export async function doctor({ view, examine }: Place, asked: DoctorArguments): Promise<number> {
  const examination = await examine()
  if (examination.invalid) view.error(examination.invalid)
  view.busy('Checking', 'sign-in, rights and hosts')
  const [tenants, hosts] = await Promise.all([examination.tenants(), examination.hosts()]).finally(() => view.idle('Checking'))
  const wanted = asked.for === undefined ? purposes : [asked.for]
  const machine = machineChecks(examination, hosts)
  const evidence = await examination.evidence()
  const exchange = evidence.length > 0 ? { 'Exchange, by its evidence': evidence.map(evidenceCheck) } : {}
  const groups = { machine, ...exchange, ...Object.fromEntries(tenants.map((one) => [titleOf(one), tenantChecks(one, wanted)])) }
  const ok = Object.values(groups)
    .flat()
    .every(({ status }) => status !== 'failed')
  view.diagnosis({ ok, ...data(examination, { tenants, hosts, wanted, evidence }) }, groups)
  return ok ? exit.done : exit.failed
}

interface Found {
  readonly tenants: readonly TenantFound[]
  readonly hosts: readonly HostFound[]
  readonly wanted: readonly Purpose[]
  readonly evidence: readonly Remark[]
}

function data({ version, sandbox, proxy, skew, deployments, invalid }: Examination, { tenants, hosts, wanted, evidence }: Found) {
  const rights = (all: TenantFound['rights']) => Object.fromEntries(wanted.map((purpose) => [purpose, all[purpose]]))
  return {
    ...{ hma: version, node: process.versions.node, platform: `${process.platform} ${process.arch}`, sandbox },
    proxy: { https: bare(proxy?.httpsProxy) ?? null, http: bare(proxy?.httpProxy) ?? null, except: proxy?.noProxy || null },
    clock: { aheadSeconds: Math.round(skew() / 1000) },
    configuration: { deployments, mistakes: invalid?.diagnostics ?? [] },
    hosts,
    evidence,
    tenants: tenants.map((one) => ({ ...one, rights: rights(one.rights) })),
  }
}

/** A proxy's address may contain a password. */
function bare(address: string | undefined): string | undefined {
  if (!address) return undefined
  return address.replace(/^(\w+:\/\/)?[^/@]*@/, '$1')
}

const passed = (name: string, detail: string): Check => ({ name, status: 'passed', detail })

function machineChecks(examination: Examination, hosts: readonly HostFound[]): readonly Check[] {
  const { version, sandbox, proxy } = examination
  const { platform, arch, versions } = process
  const address = bare(proxy?.httpsProxy) ?? bare(proxy?.httpProxy)
  const except = proxy?.noProxy ? `, except for ${proxy.noProxy}` : ''
  return [
    passed('hma', `${version}${sandbox ? ', on the sandbox' : ''}`),
    nodeCheck(versions.node, `${platform} ${arch}`),
    configurationCheck(examination),
    passed('proxy', address === undefined ? 'none' : `${address}${except}`),
    clockCheck(
      examination.skew(),
      hosts.some(({ reachable }) => reachable),
    ),
    ...hosts.map(hostCheck),
  ]
}

function nodeCheck(node: string, on: string): Check {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return passed('Node.js', `${node}, ${on}`)
  return { name: 'Node.js', status: 'failed', detail: `${node} is too old`, hint: 'Install Node.js 20.19 or later.' }
}

function configurationCheck({ deployments, invalid }: Examination): Check {
  const name = 'configuration'
  if (invalid) {
    const count = invalid.diagnostics.length
    const detail = `${count} ${count === 1 ? 'mistake' : 'mistakes'}, shown above${deployments.length > 0 ? `; usable: ${deployments.join(', ')}` : ''}`
    return { name, status: 'failed', detail, hint: 'Correct them; `hma validate` shows them again.' }
  }
  if (deployments.length > 0) return passed(name, deployments.join(', '))
  const hint = '`hma init` writes one, or `hma import` where a profile exists. `-f` names another file than hma.config.yaml.'
  return { name, status: 'skipped', detail: 'no deployment, so its rights are not looked at', hint }
}

function clockCheck(skew: number, isCompared: boolean): Check {
  if (!isCompared) return { name: 'clock', status: 'skipped', detail: 'not compared: no service could be reached' }
  if (Math.abs(skew) < 500) return passed('clock', "agrees with Azure's")
  const status = Math.abs(skew) > clockTolerance ? 'failed' : Math.abs(skew) > noticeable ? 'warning' : 'passed'
  return {
    name: 'clock',
    status,
    detail: difference(skew),
    ...(status !== 'passed' && { hint: setIt }),
  }
}

function hostCheck({ host, reachable, spare, problem }: HostFound): Check {
  if (reachable) return passed('host', host)
  if (spare === 'the vault is not made yet') return { name: 'host', status: 'skipped', detail: `${host}: ${spare}` }
  const detail = `${problem?.message ?? host}${spare ? `; ${spare}` : ''}`
  return { name: 'host', status: spare ? 'warning' : 'failed', detail, ...(problem?.hint && { hint: problem.hint }) }
}

const evidenceCheck = ({ address, severity, text, hint }: Remark): Check => ({
  name: address,
  status: severity === 'warning' ? 'warning' : 'passed',
  detail: text,
  ...(hint !== undefined && { hint }),
})

const titleOf = ({ tenantId, deployments }: TenantFound): string =>
  deployments.length === 0 ? `tenant ${tenantId}` : `tenant ${tenantId} (${deployments.join(', ')})`

function tenantChecks(tenant: TenantFound, wanted: readonly Purpose[]): readonly Check[] {
  const { signedIn, credential, problem, rights } = tenant
  if (!signedIn)
    return [
      { name: 'sign-in', status: 'failed', detail: problem?.message ?? 'failed', ...(problem?.hint && { hint: problem.hint }) },
    ]
  const until = signedIn.until === undefined ? '' : `, until ${moment(signedIn.until)}`
  return [
    passed('sign-in', `${signedIn.type} ${signedIn.name}, by ${credential}${until}`),
    ...wanted.flatMap((purpose) => rightsCheck(purpose, rights[purpose])),
  ]
}

function rightsCheck(purpose: Purpose, rights: readonly RightFound[]): readonly Check[] {
  if (rights.length === 0) return []
  const of = (status: RightFound['status']): readonly RightFound[] => rights.filter((one) => one.status === status)
  const list = (some: readonly RightFound[]): string => some.map((one) => `${one.right} (${one.kind}, ${one.at})`).join('; ')
  const [missing, unknown] = [of('missing'), of('unknown')]
  const doubt = unknown.length > 0 ? `Could not be read: ${list(unknown)}` : ''
  if (missing.length > 0) {
    const detail = [`${missing.length} of ${rights.length} missing: ${list(missing)}`, doubt].filter(Boolean).join('. ')
    return [
      {
        name: purpose,
        status: 'failed',
        detail,
        hint: 'docs/rights.md says what each right is for and where to grant it, and how to do without it.',
      },
    ]
  }
  if (unknown.length > 0) return [{ name: purpose, status: 'warning', detail: doubt }]
  return [passed(purpose, `${rights.length} of ${rights.length} rights`)]
}
