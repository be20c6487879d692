import { isOrigin, parseHttps } from '../origin.ts'
import { type Draft, type Misfit, pointer } from './draft.ts'

export function environmentIsAHost(draft: Draft): Misfit[] {
  const address = draft.text('dynamics', 'environmentUrl')
  const url = address === undefined ? undefined : parseHttps(address)
  if (address === undefined || (url && isOrigin(url))) return []
  const hint =
    url && !draft.foreign('dynamics', 'environmentUrl') ? `Write ${url.origin}.` : 'Like https://contoso.crm4.dynamics.com.'
  return [
    { pointer: pointer('dynamics', 'environmentUrl'), message: 'dynamics.environmentUrl must be scheme and host alone.', hint },
  ]
}

export function mailboxesStandOnce(draft: Draft): Misfit[] {
  const places = draft.keys('dynamics', 'mailboxes').map((index) => addressAt(draft, Number(index)))
  const first = new Map<string, number>()
  return places.flatMap(({ address, path }, index) => {
    if (address === undefined) return []
    const earlier = first.get(address)
    if (earlier === undefined) first.set(address, index)
    const hint = `It is number ${(earlier ?? 0) + 1} of the list too. Addresses differ by more than capital letters.`
    return earlier === undefined ? [] : [{ pointer: path, message: 'This mailbox stands in the list already.', hint }]
  })
}

function addressAt(draft: Draft, index: number): { address: string | undefined; path: string } {
  const list = ['dynamics', 'mailboxes'] as const
  const plain = draft.text(...list, index)
  const address = plain ?? draft.text(...list, index, 'address')
  return {
    address: address?.toLowerCase(),
    path: plain === undefined ? pointer(...list, index, 'address') : pointer(...list, index),
  }
}
