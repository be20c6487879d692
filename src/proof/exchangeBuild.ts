import { need, type Step } from './chain.ts'
import { judgeBuild } from './exchangeBuilds.ts'
import type { Finding } from './finding.ts'
import type { Opened } from './inbox.ts'
import type { Subject } from './subject.ts'

/** Is Exchange new enough for Hybrid Modern Authentication, supported and up to date? */
export async function exchangeBuild({ now }: Subject, opened: Step<Opened>): Promise<Finding<true>> {
  const { build } = await need(opened)
  const { status, ...rest } = judgeBuild(build, now)
  return status === 'failed' ? { status, ...rest } : { status, ...rest, value: true }
}
