import type { Settings } from './azure.ts'
import { allowedFaultSettings, noFaultSettings } from './faults/settings.ts'
import { allowedAnswers, openQuestions } from './openQuestions.ts'

export const defaultSettings: Readonly<Settings> = Object.freeze({
  replicationLag: 300,
  propagation: 0,
  registeringDns: 1000,
  accessPoliciesAdd: 'union',
  keyInLists: true,
  repeatedRoleAssignment: 200,
  mergeKeepsTags: true,
  pendingHidesCurrent: false,
  applicationsApprove: true,
  strict: false,
  mailboxTest: 2000,
  ...noFaultSettings,
  ...openQuestions,
})

const isDuration = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isSwitch = (value: unknown): boolean => typeof value === 'boolean'

const allowed: Record<keyof Settings, (value: unknown) => boolean> = {
  replicationLag: isDuration,
  propagation: isDuration,
  registeringDns: isDuration,
  accessPoliciesAdd: (value) => value === 'union' || value === 'overwrite',
  keyInLists: isSwitch,
  repeatedRoleAssignment: (value) => value === 200 || value === 201,
  mergeKeepsTags: isSwitch,
  pendingHidesCurrent: isSwitch,
  applicationsApprove: isSwitch,
  strict: isSwitch,
  mailboxTest: isDuration,
  ...allowedFaultSettings,
  ...allowedAnswers,
}

/** Are these valid settings? `settingMistake` says what is wrong. */
export const isSettings = (value: unknown): value is Partial<Settings> => settingMistake(value) === undefined

export function settingMistake(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'The settings have to be a JSON object.'
  const checks: Record<string, ((value: unknown) => boolean) | undefined> = allowed
  const wrong = Object.entries(value).find(([name, one]) => !Object.hasOwn(allowed, name) || !checks[name]?.(one))
  return wrong && `There is no setting "${wrong[0]}" that can be ${JSON.stringify(wrong[1])}.`
}
