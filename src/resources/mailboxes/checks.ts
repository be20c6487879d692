import type { Check } from '../../core/kind.ts'
import type { Live, Mailbox } from './model.ts'
import { resultOf } from './steps.ts'

/** One check per mailbox: Dynamics itself has signed in to it through our profile. */
export const mailboxChecks = ({ mailboxes }: Pick<Live, 'mailboxes'>): readonly Check[] => mailboxes.map(check)

function check(mailbox: Mailbox): Check {
  const name = `mailbox ${mailbox.address}`
  const { problem, onProfile, profile, testing, testedAt, enabled } = mailbox
  const results = [mailbox.incoming, mailbox.outgoing, mailbox.appointments]
  const apply =
    'Run `hma apply`; where testAndEnable is false, an administrator tests it: Test & Enable in the Power Platform admin center.'
  const warning = (detail: string, hint: string): Check => ({ name, status: 'warning', detail, hint })
  if (problem !== undefined) return { name, status: 'failed', detail: problem, hint: 'Then run `hma apply`.' }
  if (!onProfile) return warning(profile === undefined ? 'It is not on a profile.' : `It is on the profile ${profile}.`, apply)
  if (testing) return warning('Test & Enable is in progress.', 'Check again in a few minutes.')
  if (testedAt === undefined || results.every((one) => one === 'not run')) return warning('It was never tested.', apply)
  const when = testedAt.slice(0, 16).replace('T', ' ')
  if (results.every((one) => one === 'success') && enabled)
    return { name, status: 'passed', detail: `Tested and enabled for incoming, outgoing and appointments, ${when} UTC.` }
  const said = results.includes('failure') ? 'failed' : enabled ? 'incomplete' : 'disabled since'
  const hint = 'The steps above show where sign-in fails. Once it is fixed, `hma apply` tests the mailbox again.'
  return { name, status: 'failed', detail: `Tested ${when} UTC, ${said}: ${resultOf(mailbox)}.`, hint }
}
