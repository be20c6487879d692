import { describe, expect, test } from 'vitest'
import {
  noteOfFormer,
  type SecretState,
  undeliveredYet,
  unused,
  wasNeverDelivered,
} from '../../src/resources/clientSecret/state.ts'

const lifetime = { lifetimeDays: 180, renewBeforeDays: 30, overlapDays: 7 }

const at = (time: string): string => `2030-01-${time}Z`
const now = new Date(at('10T12:00:00'))

/** A secret whose keyId begins with its name. */
const held = (name: string, time: string) => ({
  keyId: `${name.padEnd(8, '0')}-0000`,
  start: at(time),
  end: '2030-06-30T00:00:00Z',
})
const id = (name: string): string => held(name, '').keyId

const current = held('current', '09T00:00:00')
const inUse = (more: Partial<SecretState>): SecretState => ({ ours: [], dynamics: current.keyId, replaced: 'former00', ...more })
const gone = (state: SecretState): readonly string[] => unused(lifetime, state, now).map(({ keyId }) => keyId)

describe('our unused secrets', () => {
  const former = held('former', '01T00:00:00')
  const between = held('between', '05T00:00:00')

  test('a former one stays for its overlap and is then removed', () => {
    expect(gone(inUse({ ours: [former, current] }))).toEqual([])
    expect(gone(inUse({ ours: [former, { ...current, start: at('02T00:00:00') }] }))).toEqual([former.keyId])
  })

  test('created after the replaced one and never delivered: removed at once, even if older than the one in use', () => {
    const state = inUse({ ours: [former, between, current] })
    expect(gone(state)).toEqual([between.keyId])
    expect([wasNeverDelivered(between, state), wasNeverDelivered(former, state)]).toEqual([true, false])
  })

  test('stays while a running process may still deliver it', () => {
    const young = held('young', '10T11:30:00')
    expect(gone(inUse({ ours: [former, current, young] }))).toEqual([])
    expect(gone(inUse({ ours: [{ ...current, start: at('01T00:00:00') }, young] }))).toEqual([])
    expect(gone({ ours: [young], dynamics: null })).toEqual([])
  })

  test('held by this process and no longer needed: removed at once', () => {
    const young = held('young', '10T11:30:00')
    expect(gone(inUse({ ours: [former, current, young], inHand: young.keyId }))).toEqual([young.keyId])
  })

  test('if the first one is in use, all others were never delivered', () => {
    expect(gone(inUse({ ours: [between, current], replaced: 'none' }))).toEqual([between.keyId])
  })

  test('if the replaced one is unknown, older ones have their overlap', () => {
    expect(gone(inUse({ ours: [between, current], replaced: 'unknown' }))).toEqual([])
  })

  test('if two were delivered in the same second, either may be in use', () => {
    const rival = held('rival', '09T00:00:00')
    const state = { ours: [current, rival], vault: current.keyId, replaced: 'none', rivals: [rival.keyId] }
    expect(gone(state)).toEqual([])
    expect(gone({ ...state, rivals: [] })).toEqual([rival.keyId])
  })
})

test('an undelivered secret is a remark until it may be removed', () => {
  const young = held('young', '10T11:30:00')
  const former = held('former', '01T00:00:00')
  const told = (state: SecretState) => undeliveredYet(state, now).map(({ text, hint }) => `${text} ${hint}`)
  expect(told(inUse({ ours: [former, current, young] }))).toEqual([
    expect.stringMatching(/client secret young000 of KV-App .* after 2030-01-10T12:30Z removes it\.$/),
  ])
  expect(told(inUse({ ours: [former, current] }))).toEqual([])
  expect(told(inUse({ ours: [former, current, held('old', '09T10:00:00')] }))).toEqual([])
})

test.each([
  ['the one in use', { ours: [current], dynamics: current.keyId }, 'current0'],
  ['none, the first time', { ours: [], dynamics: null }, 'none'],
  ['none, where it is gone', { ours: [], dynamics: id('lost') }, 'none'],
  ['nobody knows', { ours: [current], dynamics: null, unwitnessed: true as const }, 'unknown'],
])('what is noted of the one that gives way: %s', (_what, state, note) => {
  expect(noteOfFormer(state)).toBe(note)
})
