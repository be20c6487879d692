import { expect, test } from 'vitest'
import { shown } from '../../src/views/plan/value.ts'

test.each([
  ['2027-11-28T00:00:00.000Z', '2027-11-28 00:00 UTC'],
  ['2027-05-27T11:49:36Z', '2027-05-27 11:49 UTC'],
  ['HMA-Cert 2027-05-27T11:49:36Z', 'HMA-Cert 2027-05-27T11:49:36Z'],
])('a plan shows the instant %s as people read it', (value, text) => expect(shown(value, 'contoso')).toBe(text))
