import { harmless } from '../terminal/line.ts'
import type { Status, Statuses } from './model.ts'

/**
 * A report for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/. Instants are seconds since 1970, so that an alert
 * says `hma_expiry_timestamp_seconds - time() < 14 * 86400`.
 */
export const statusMetrics = (statuses: Statuses): string =>
  metrics.map((metric) => family(metric, Object.entries(statuses))).join('')

interface Metric {
  readonly name: string
  readonly help: string
  of(status: Status): readonly Sample[]
}

interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [{ value }])
const seconds = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Math.floor(Date.parse(instant) / 1000)
const at = (instant: string, labels: Sample['labels'] = {}): Sample => ({ value: seconds(instant) ?? 0, labels })
const truth = (is: boolean): number => (is ? 1 : 0)

const metrics: readonly Metric[] = [
  {
    ...{ name: 'hma_status_timestamp_seconds', help: 'When the deployment was read.' },
    of: ({ at: instant }) => [at(instant)],
  },
  {
    ...{ name: 'hma_readable', help: '1 if everything could be read, otherwise 0.' },
    of: ({ problems }) => [{ value: truth(problems.every(({ kind }) => kind !== 'unreadable')) }],
  },
  { ...{ name: 'hma_ok', help: '1 if the deployment has no problems, otherwise 0.' }, of: ({ ok }) => [{ value: truth(ok) }] },
  {
    ...{ name: 'hma_problems', help: 'Number of problems, by kind.' },
    of: ({ problems }) =>
      (['unreadable', 'missing', 'broken', 'expired', 'expiring'] as const).map((kind) => ({
        labels: { kind },
        value: problems.filter((problem) => problem.kind === kind).length,
      })),
  },
  {
    ...{ name: 'hma_remarks', help: 'Number of remarks, by severity.' },
    of: ({ remarks = [] }) =>
      (['info', 'warning'] as const).map((severity) => ({
        labels: { severity },
        value: remarks.filter((remark) => remark.severity === severity).length,
      })),
  },
  {
    ...{ name: 'hma_expiry_timestamp_seconds', help: 'When the first credential that sign-in uses expires.' },
    of: ({ expires }) => one(seconds(expires?.at)),
  },
  {
    ...{ name: 'hma_certificate_expiry_timestamp_seconds', help: 'When the current certificate in the vault expires.' },
    of: ({ certificate: found }) => (found ? [at(found.expires, { certificate: found.name })] : []),
  },
  {
    ...{ name: 'hma_certificate_renewal_timestamp_seconds', help: 'When the certificate is due for renewal.' },
    of: ({ certificate: found }) => (found ? [at(found.renewal, { certificate: found.name, by: found.renewedBy })] : []),
  },
  {
    ...{ name: 'hma_client_secret_expiry_timestamp_seconds', help: 'When the client secret of KV-App that is in use expires.' },
    of: ({ secrets }) =>
      secrets.filter(({ heldBy }) => heldBy.length > 0).map(({ expires, keyId }) => at(expires, { key_id: keyId })),
  },
  {
    ...{ name: 'hma_pending_changes', help: 'Number of changes that hma apply would make.' },
    of: ({ drift }) => one(drift?.changes),
  },
  {
    ...{ name: 'hma_pending_tasks', help: 'Number of changes that need manual action.' },
    of: ({ drift }) => one(drift?.person),
  },
  {
    ...{ name: 'hma_proof_ok', help: '1 if the last hma verify passed, otherwise 0.' },
    of: ({ proof }) => one(proof ? truth(proof.ok) : undefined),
  },
  {
    ...{ name: 'hma_proof_timestamp_seconds', help: 'When hma verify last ran.' },
    of: ({ proof }) => one(seconds(proof?.at)),
  },
  {
    ...{ name: 'hma_mailbox_works', help: '1 if the mailbox test in Dynamics succeeded, otherwise 0.' },
    of: ({ mailboxes }) =>
      mailboxes.map(({ address, state }) => ({ labels: { mailbox: address }, value: truth(state === 'works') })),
  },
]

/** All samples of one metric must be together. */
function family({ name, help, of }: Metric, statuses: readonly (readonly [string, Status])[]): string {
  const lines = statuses.flatMap(([deployment, status]) =>
    of(status).map(({ value, labels = {} }) => `${name}{${labelled({ deployment, ...labels })}} ${value}\n`),
  )
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

const labelled = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([label, value]) => `${label}="${harmless(value).replace(/[\\"]/g, '\\$&')}"`)
    .join(',')
