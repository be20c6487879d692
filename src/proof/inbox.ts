import type { Greeting, Opening } from '../azure/exchange/port.ts'
import type { Secret } from '../core/secret.ts'
import { need, type Step } from './chain.ts'
import { type Finding, passed, skipped } from './finding.ts'
import { refusal } from './inboxRefusal.ts'
import type { Ports, Subject } from './subject.ts'

export type Opened = Extract<Opening, { opened: true }>

/** Does Exchange let HMA-App into the test mailbox? Nothing of its contents is read. */
export async function inbox(
  { ewsUrl, mailbox }: Subject,
  { exchange }: Ports,
  challenged: Step<Greeting>,
  signedIn: Step<Secret>,
): Promise<Finding<Opened>> {
  await need(challenged)
  const token = await need(signedIn)
  if (mailbox === undefined)
    return skipped('No mailbox was opened.', 'Name one in exchange.testMailbox: only then the whole chain is proven.')
  const opening = await exchange.openInbox(ewsUrl, token, mailbox)
  return opening.opened ? passed(`Exchange opens the inbox of ${mailbox}.`, opening) : refusal(opening, mailbox, ewsUrl)
}
