import { isOrigin, parseHttps } from '../origin.ts'
import { type Draft, pointer, type SemanticProblem } from './draft.ts'
import { mailboxesOf } from './mailboxList.ts'

export function environmentIsAHost(draft: Draft): SemanticProblem[] {
  const address = draft.text('dynamics', 'environmentUrl')
  const url = address === undefined ? undefined : parseHttps(address)
  if (address === undefined || (url && isOrigin(url))) return []
  const hint =
    url && !draft.foreign('dynamics', 'environmentUrl') ? `Write ${url.origin}.` : 'Like https://contoso.crm4.dynamics.com.'
  return [
    { pointer: pointer('dynamics', 'environmentUrl'), message: 'dynamics.environmentUrl must be scheme and host alone.', hint },
  ]
}

export function mailboxesStandOnce(draft: Draft): SemanticProblem[] {
  const first = new Map<string, number>()
  return mailboxesOf(draft).flatMap(({ address, path }, index) => {
    if (address === undefined) return []
    const earlier = first.get(address)
    if (earlier === undefined) first.set(address, index)
    const hint = `It is number ${(earlier ?? 0) + 1} of the list too. Addresses are not case-sensitive.`
    return earlier === undefined ? [] : [{ pointer: path, message: 'This mailbox is already in the list.', hint }]
  })
}
