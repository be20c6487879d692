import { type Draft, pointer } from './draft.ts'

/** The mailboxes in the list: addresses in lower case, with their positions. */
export const mailboxesOf = (draft: Draft) => draft.keys('dynamics', 'mailboxes').map((index) => addressAt(draft, Number(index)))

function addressAt(draft: Draft, index: number): { address: string | undefined; path: string } {
  const list = ['dynamics', 'mailboxes'] as const
  const plain = draft.text(...list, index)
  const address = plain ?? draft.text(...list, index, 'address')
  return {
    address: address?.toLowerCase(),
    path: plain === undefined ? pointer(...list, index, 'address') : pointer(...list, index),
  }
}
