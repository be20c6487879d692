import { readBytes } from '../config/read/bytes.ts'
import { displayed } from '../config/read/files.ts'
import type { Configuration } from '../config/schema.ts'
import type { Remark } from '../core/remark.ts'
import type { Places } from '../deployment/node.ts'
import { subject } from '../deployment/subject.ts'
import type { Evidence } from '../proof/evidence/schema.ts'
import { evidenceFindings } from '../proof/evidence/steps.ts'
import { placesOf } from './places.ts'

/** The evidence from Exchange that the configuration names, read on demand. */
export function evidenceOf({ name: deployment, exchange: { evidence: path } }: Configuration, directory: string) {
  if (path === undefined) return {}
  const name = displayed(path, directory).replaceAll('\\', '/')
  return { evidence: { name, deployment, read: () => readEvidence(path, name) } }
}

/** Undefined if there is no file yet. The code that judges it is loaded only if there is one. */
async function readEvidence(path: string, name: string): Promise<Evidence | undefined> {
  const bytes = await readBytes(path, name, 'what the script of exchange.setup wrote')
  return bytes && (await import('../proof/evidence/read.ts')).evidenceIn(bytes, name)
}

/** What the evidence of several deployments says. */
export const evidenceOn = async (
  configurations: readonly Configuration[],
  at: { directory: string; now: Date },
): Promise<readonly Remark[]> =>
  (await Promise.all(configurations.map((one) => evidenceRemarks(one, placesOf(one, at.directory), at)))).flat()

/** What the evidence says, for a command that does not sign in. */
export async function evidenceRemarks(
  configuration: Configuration,
  places: Places,
  { directory, now }: { readonly directory: string; readonly now: Date },
): Promise<readonly Remark[]> {
  const about = { ...subject(configuration, places, now), ...evidenceOf(configuration, directory) }
  const [told, ...findings] = await evidenceFindings(about)
  return [...(told ? [told] : []), ...findings.filter(({ status }) => status !== 'passed')].map(({ status, detail, hint }) => ({
    ...{ address: `${configuration.name}/exchange`, severity: status === 'passed' ? 'info' : 'warning', text: detail },
    ...(hint !== undefined && { hint }),
  }))
}
