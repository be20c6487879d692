import type { ErrorObject, ValidateFunction } from 'ajv'
import { step } from '../read/reader.ts'
import type { Written, WrittenSignIn } from '../schema.ts'
import { accepts, acceptsSignIn } from '../validator.ts'
import type { DocumentProblem } from './draft.ts'
import { problemFrom } from './schemaMessages.ts'

/** Violations of the schema, one problem per mistake. Fills in the schema's defaults. */
export const problems = (value: unknown, foreign: Foreign): readonly DocumentProblem[] => problemsBy(accepts, value, foreign)

/** The same for a document with sign-in settings only. */
export const signInProblems = (value: unknown, foreign: Foreign): readonly DocumentProblem[] =>
  problemsBy(acceptsSignIn, value, foreign)

type Foreign = (pointer: string) => boolean

function problemsBy(judge: ValidateFunction, value: unknown, foreign: Foreign): readonly DocumentProblem[] {
  if (judge(value)) return []
  const errors = once(oneBranch(judge.errors ?? []))
  return withoutEchoes(
    errors.map((error) => problemFrom(error, foreign(pointerOf(error)))),
    errors,
  )
}

/** The same schema as a type guard, for a document without problems. */
export const isWritten = (value: unknown): value is Written => accepts(value)

export const isSignIn = (value: unknown): value is WrittenSignIn => acceptsSignIn(value)

/** For a choice, only the errors of the branch that matches the value's type; if none does, only that. */
function oneBranch(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf')
  const closed = new Map(choices.map((choice) => [`${choice.schemaPath} ${choice.instancePath}`, new Set<string>()]))
  const branches = new Map(errors.map((error) => [error, branchOf(error, closed)]))
  for (const [error, branch] of branches)
    if (branch && error.keyword === 'type' && error.instancePath === branch.at) closed.get(branch.choice)?.add(branch.name)
  const open = new Set<string>()
  const kept = errors.filter((error) => {
    const branch = branches.get(error)
    const lives = branch === undefined || !closed.get(branch.choice)?.has(branch.name)
    if (branch && lives) open.add(branch.choice)
    return lives
  })
  return kept.filter(({ keyword, schemaPath, instancePath }) => keyword !== 'anyOf' || !open.has(`${schemaPath} ${instancePath}`))
}

/** The branch of a choice that an error belongs to; the choice is at the error's path or above it. */
function branchOf({ schemaPath, instancePath }: ErrorObject, choices: ReadonlyMap<string, unknown>) {
  const [, choice, name] = /^(.*\/anyOf)\/(\d+)\//.exec(schemaPath) ?? []
  if (choice === undefined || name === undefined) return undefined
  for (let at = instancePath; ; at = at.slice(0, at.lastIndexOf('/'))) {
    if (choices.has(`${choice} ${at}`)) return { choice: `${choice} ${at}`, name, at }
    if (at === '') return undefined
  }
}

/** A value of the wrong type or format counts as one mistake. */
function once(errors: readonly ErrorObject[]): ErrorObject[] {
  const seen = new Set<string>()
  return errors.filter((error) => {
    const key = pointerOf(error)
    return !seen.has(key) && seen.add(key)
  })
}

/** What the error is about: an unknown or missing key rather than its block. */
export const pointerOf = ({ instancePath, params }: ErrorObject): string => {
  const name: unknown = params.additionalProperty ?? params.missingProperty
  return typeof name === 'string' ? instancePath + step(name) : instancePath
}

/** A key that is missing because it was misspelt is reported at the misspelling only. */
function withoutEchoes(found: readonly DocumentProblem[], errors: readonly ErrorObject[]): DocumentProblem[] {
  const meant = new Set(found.map((problem) => problem.meant))
  return found.filter(({ pointer }, index) => errors[index]?.keyword !== 'required' || !meant.has(pointer))
}
