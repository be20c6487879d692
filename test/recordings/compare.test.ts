import { expect, test } from 'vitest'
import { differences, missingHeaders } from './compare.ts'

/** The comparison behind the replays, which has to notice differences. */
test.each([
  ['a property that is missing', { a: 1 }, {}, ['.a: missing here']],
  ['a property more', {}, { a: 1 }, ['.a: only here']],
  ['another sort of value', { a: '2026-01-01T00:00:00Z' }, { a: 'soon' }, ['.a: instant, here text']],
  ['a value in place of none', { a: null }, { a: 'x' }, ['.a: null, here text']],
  ['a list in place of an object', { a: {} }, { a: [] }, ['.a: object, here list']],
  ['a list that is empty', { a: [{ b: 1 }] }, { a: [] }, ['.a: empty here']],
  ['an item like the recorded one', { a: [{ b: 1 }] }, { a: [{ c: 1 }, { b: 2 }] }, []],
  ['no item like it', { a: [{ b: 1 }] }, { a: [{ b: 'x' }] }, ['.a[].b: number, here text']],
  ['other contents', { a: 'https://x', b: 1 }, { a: 'https://y', b: 2 }, []],
])('%s', (_what, recorded, answered, found) => expect(differences(recorded, answered)).toEqual(found))

test('headers are compared by name, ignoring those of the connection', () =>
  expect(missingHeaders({ 'Retry-After': '5', Vary: 'x', ETag: '1' }, { etag: '2' })).toEqual([
    'header retry-after: missing here',
  ]))
