import type { Greeting, Opening } from '../azure/exchange/port.ts'
import type { Secret } from '../core/secret.ts'
import { need, type Step } from './chain.ts'
import { type Finding, passed, skipped } from './finding.ts'
import { inboxRefusal } from './inboxRefusal.ts'
import { disagreement } from './profileInDynamics.ts'
import type { Ports, Subject } from './subject.ts'

export type Opened = Extract<Opening, { opened: true }>

/** Does Exchange let HMA-App into the test mailbox? Nothing of its contents is read. */
export async function inbox(
  subject: Subject,
  ports: Ports,
  challenged: Step<Greeting>,
  signedIn: Step<Secret>,
): Promise<Finding<Opened>> {
  const { ewsUrl, mailbox } = subject
  await need(challenged)
  const token = await need(signedIn)
  if (mailbox === undefined) return skipped('No mailbox was opened.', 'Set exchange.testMailbox to prove the whole sign-in.')
  const otherwise = await disagreement(subject, ports)
  if (otherwise !== undefined) return otherwise
  const opening = await ports.exchange.openInbox(ewsUrl, token, mailbox)
  return opening.opened ? passed(`Exchange opens the inbox of ${mailbox}.`, opening) : inboxRefusal(opening, mailbox, ewsUrl)
}
