import { expect, test } from 'vitest'
import type { Kinds, Node } from '../../src/core/kind.ts'
import { remarksOn } from '../../src/core/remark.ts'
import { dueWithin } from '../../src/deployment/status/expiry.ts'

const now = new Date('2026-11-28T00:00:00Z')
const day = 86_400_000

const kinds: Kinds = {
  thing: {
    identity: [],
    read: async () => ({}),
    marks: () => ({ marks: 'parent' }),
    diff: () => [],
    reconcile: async () => {},
    remarks: ({ says }) => [
      { severity: 'info', text: String(says) },
      { severity: 'warning', text: 'shared', about: 'vault', date: '2026-12-08T00:00:00Z' },
    ],
  },
}
const node = (name: string): Node => ({ address: `contoso/${name}`, kind: 'thing', spec: { says: name } })
const actual = new Map([
  ['contoso/one', {}],
  ['contoso/two', {}],
])

test('the same remark from two kinds is shown once, at the resource it is about; absent resources have no remarks', () => {
  const found = remarksOn([node('one'), node('two'), node('three')], kinds, { actual, now })
  expect(found.map(({ address, text }) => `${address} ${text}`)).toEqual([
    'contoso/one one',
    'contoso/vault shared',
    'contoso/two two',
  ])
  expect(dueWithin(found, now, 9 * day)).toEqual([])
  expect(dueWithin(found, now, 10 * day).map(({ text }) => text)).toEqual(['shared'])
})
