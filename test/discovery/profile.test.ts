import { expect, test } from 'vitest'
import { profileColumns, rowIn } from '../../src/azure/dataverse/columns.ts'
import type { ProfileRow } from '../../src/azure/dataverse/port.ts'
import { fieldsOf } from '../../src/azure/http/shape.ts'
import { HmaError } from '../../src/core/errors.ts'
import { chooseProfile } from '../../src/discovery/profile.ts'

const profile = (id: string, name: string, incoming = 6, outgoing = incoming): ProfileRow => {
  const cells = { name, statecode: 0, incomingcredentialretrieval: incoming, outgoingcredentialretrieval: outgoing }
  return { ...rowIn(fieldsOf(cells, 'profile'), profileColumns), id, name, referenceId: undefined, identityId: undefined }
}

const choose = (profiles: readonly ProfileRow[], name?: string): string => {
  try {
    const { profile, hasSiblings } = chooseProfile(profiles, name, 'https://org')
    return `${profile.id}${hasSiblings ? ' of several' : ''}`
  } catch (error) {
    return error instanceof HmaError ? `${error.message} | ${error.hint}` : String(error)
  }
}

test('the only hybrid profile needs no name; one direction is enough', () => {
  expect(choose([profile('1', 'Online', 2), profile('2', 'Hybrid')])).toBe('2')
  expect(choose([profile('1', 'Online', 2), profile('2', 'Half', 6, 1)])).toBe('2')
})

test('a name selects, with exact case if it matters, and so does an id', () => {
  const both = [profile('1', 'Mail'), profile('2', 'mail')]
  expect(choose(both, 'mail')).toBe('2 of several')
  expect(choose(both, 'Mail')).toBe('1 of several')
  expect(choose(both, '2')).toBe('2 of several')
  expect(choose([profile('1', 'Mail')], 'MAIL')).toBe('1')
})

test('if no profile can be selected, the candidates are listed', () => {
  expect(choose([profile('1', 'B'), profile('2', 'A')])).toBe(
    '2 email server profiles of https://org sign in by Hybrid Modern Auth: "A", "B" | Choose one with --profile NAME.',
  )
  expect(choose([profile('1', 'A'), profile('2', 'A')], 'A')).toContain('--profile 1 or --profile 2')
  expect(choose([profile('1', 'A')], 'C')).toBe('There is no email server profile "C" in https://org | There is: "A".')
  expect(choose([profile('1', 'Online', 2), profile('2', 'A')], 'Online')).toBe(
    'The email server profile "Online" signs in by server to server, not by Hybrid Modern Auth | With Hybrid Modern Auth there is: "A".',
  )
  expect(choose([])).toContain('the environment has none')
})
