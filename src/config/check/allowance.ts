import type { Environment } from '../read/environment.ts'
import { type DocumentProblem, type Draft, pointer } from './draft.ts'

/**
 * Limits on what a configuration may do. They are set in the environment, never in the configuration, so that a pull request
 * cannot widen them. If unset, as on a person's own machine, everything is allowed.
 */
export interface Allowance {
  variable(name: string): boolean
  cloud(written: { readonly name?: string | undefined; readonly authorityHost?: string | undefined }): boolean
}

export const allowanceOf = ({ HMA_ALLOWED_VARIABLES: variables, HMA_ALLOWED_CLOUDS: clouds }: Environment): Allowance => ({
  variable: listed(variables),
  // A custom cloud is identified by its authority: the configuration can choose its name freely.
  cloud: ({ name, authorityHost }) => listed(clouds)(authorityHost === undefined ? (name ?? 'public') : originIn(authorityHost)),
})

/** Names separated by commas or spaces; `*` stands for any characters. */
function listed(list: string | undefined): (name: string) => boolean {
  if (list === undefined) return () => true
  const patterns = list
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(patternOf)
  return (name) => patterns.some((one) => one.test(name))
}

const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${originIn(text)
      .replace(/[^\w*]/g, '\\$&')
      .replaceAll('*', '.*')}$`,
  )

const originIn = (text: string): string => (/^https:/i.test(text) && URL.canParse(text) ? new URL(text).origin : text)

/** The cloud determines who is asked for tokens, and with which credentials. */
export function cloudIsAllowed(draft: Draft, allowance: Allowance): readonly DocumentProblem[] {
  const authorityHost = draft.text('cloud', 'authorityHost')
  const named = draft.text('cloud')
  if (draft.says('cloud') && named === undefined && authorityHost === undefined) return []
  if (allowance.cloud({ name: named, authorityHost })) return []
  return [
    {
      code: 'HMA117',
      pointer: pointer('cloud'),
      onKey: true,
      message: 'HMA_ALLOWED_CLOUDS does not allow this cloud.',
      hint: 'This variable is set where hma runs. It lists Microsoft clouds (public, usgov) and the authorityHost of other clouds.',
    },
  ]
}
