import { HmaError } from '../../core/errors.ts'
import type { Check } from '../../core/kind.ts'

/** Signs in to Exchange as Dynamics does, and says which steps pass. */
export type Prove = () => Promise<readonly Check[]>

/** The step that failed; `proven` if every step that could be tried passed, `untried` if none could. */
async function outcome(prove: Prove): Promise<Check | 'proven' | 'untried'> {
  const checks = await prove()
  const failed = checks.find(({ status }) => status === 'failed')
  return failed ?? (checks.some(({ status }) => status === 'passed') ? 'proven' : 'untried')
}

/** Consent and trust take a while to become effective, so a failing step may pass at the next poll. */
export async function requireProof(prove: Prove): Promise<void> {
  const found = await outcome(prove)
  if (found === 'proven') return
  const why = found === 'untried' ? 'no step of it could be tried' : `${found.name}: ${found.detail}`
  const next = found === 'untried' ? undefined : found.hint
  throw new HmaError('HMA407', `hma does not put mailboxes on the profile or test them before sign-in is proven. ${why}`, {
    hint: next ?? 'Run `hma verify`: it shows what is missing.',
    retryable: 'briefly',
  })
}

/** https://learn.microsoft.com/power-platform/admin/admin-mode */
const notRunning =
  'Check in the Power Platform admin center, under Environments, Edit, whether administration mode is on or background operations are off. If neither is the case, look at the alerts of the mailbox in Dynamics.'

/** Why a test has not run for minutes. Dynamics is to blame only if sign-in works, so that is proven again. */
export async function whyNoTest(prove: Prove): Promise<string> {
  const found = await outcome(prove).catch((error: unknown) => {
    if (error instanceof HmaError) return 'untried' as const
    throw error
  })
  if (found === 'proven') return `Sign-in to Exchange works, but Dynamics does not run the test. ${notRunning}`
  if (found === 'untried') return 'hma cannot prove sign-in from here. Run `hma verify`: it shows what is missing.'
  return `Sign-in fails now. ${found.name}: ${found.detail} ${found.hint ?? 'Run `hma verify`.'}`
}
