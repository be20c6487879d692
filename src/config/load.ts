import { dirname } from 'node:path'
import { HmaError } from '../core/errors.ts'
import { type Allowance, allowanceOf, cloudIsAllowed } from './check/allowance.ts'
import { conflicts, type Neighbour } from './check/conflicts.ts'
import { type DocumentProblem, draft, locate } from './check/draft.ts'
import { isWritten, problems, signInProblems } from './check/schemaProblems.ts'
import { semanticProblems, semanticProblemsOfSignIn } from './check/semanticProblems.ts'
import { complete } from './defaults.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Environment } from './read/environment.ts'
import { displayed, findFiles } from './read/files.ts'
import { type Foreign, type Reading, readDocument } from './read/reader.ts'
import type { Located } from './read/source.ts'
import { diagnose, diagnoseFile, position, type Source, source } from './read/source.ts'
import { readText } from './read/text.ts'
import { without } from './read/without.ts'
import { parseYaml, type YamlDocument } from './read/yaml.ts'
import type { Configuration } from './schema.ts'
import { isSignInAlone, type SignInSettings, signInAlone, signInOf } from './signIn.ts'

export interface Deployment {
  readonly configuration: Configuration
  /** As in diagnostics: relative to the working directory if below it. */
  readonly file: string
  /** Where the document begins, counted from 1. */
  readonly line: number
  /** Values in it that came from the environment. */
  readonly foreign: readonly Foreign[]
}

/** An unusable document or file. */
export interface Rejected {
  /** Its deployment, if readable. */
  readonly name?: string
  readonly file: string
  /** Errors, warnings, and conflicts with other documents. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface Loaded {
  /** The documents without errors, in the order in which they were named and written. */
  readonly deployments: readonly Deployment[]
  readonly rejected: readonly Rejected[]
  readonly diagnostics: readonly Diagnostic[]
  /** For each document without errors, if requested. */
  readonly signIns: readonly SignInSettings[]
}

export interface LoadOptions {
  /** Files, folders and globs; `hma.config.yaml` if there are none. */
  readonly files: readonly string[]
  /** Where `${NAME}` in a configuration takes its values from. */
  readonly env: Environment
  /** The working directory. */
  readonly directory: string
  /** Include how each document signs in; a document may hold nothing else. */
  readonly signIns?: boolean
  /** Leave `auth` out, mistakes and unset variables included: nothing signs in. */
  readonly withoutAuth?: boolean
}

/** More mistakes than this in one document are not listed. */
const mostShown = 100

/** One file, or one of its documents, with the results. */
interface Part {
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]
  readonly deployment?: Deployment
  readonly neighbour?: Neighbour
  readonly signIn?: SignInSettings
}

/** The configuration, or every mistake in it. Mistakes are returned, never thrown. */
export async function load({ files, directory, ...options }: LoadOptions): Promise<Loaded> {
  const found = await findFiles(files, directory)
  const parts = (await Promise.all(found.files.map((file) => loadFile(file, directory, options)))).flat()
  const claims = conflicts(parts.flatMap(({ neighbour }) => neighbour ?? []))
  const judged = parts.map((part) => withConflicts(part, claims))
  const many = parts.filter(({ neighbour }) => neighbour).length > few
  return {
    deployments: judged.flatMap(({ deployment }) => (deployment ? (many ? spread(deployment) : deployment) : [])),
    signIns: judged.flatMap(({ signIn }) => signIn ?? []),
    rejected: [...found.diagnostics.map((one) => ({ file: one.file, diagnostics: [one] })), ...judged.flatMap(rejected)],
    diagnostics: [...found.diagnostics, ...inOrder([...new Set(judged.flatMap(ownDiagnostics))])],
  }
}

/** Renewals are spread if the files contain more deployments than this, however many of them a run includes. */
const few = 16
const spreadDays = 7

const spread = ({ configuration, ...rest }: Deployment): Deployment => ({
  ...rest,
  configuration: { ...configuration, renewal: { spreadDays, ...configuration.renewal } },
})

/** A document with its conflicts with other documents. */
function withConflicts({ deployment, signIn, ...part }: Part, claims: ReturnType<typeof conflicts>): Part {
  const claimed = part.neighbour && claims.get(part.neighbour)
  const told = claimed ? { ...part, diagnostics: [...part.diagnostics, ...claimed] } : part
  if (claimed?.some(({ severity }) => severity === 'error')) return told
  return { ...told, ...(deployment && { deployment }), ...(signIn && { signIn }) }
}

/** Without those that are reported at their place in another file. */
const ownDiagnostics = ({ file, diagnostics }: Part): readonly Diagnostic[] => diagnostics.filter((one) => one.file === file)

function rejected({ file, deployment, signIn, neighbour, diagnostics }: Part): readonly Rejected[] {
  const name = neighbour?.draft.text('name')
  return deployment || signIn ? [] : [{ file, diagnostics: inOrder(diagnostics), ...(name !== undefined && { name }) }]
}

/** Sorted by place in each file; files in the order in which they were named. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ file }) => file))]
  const rank = ({ file }: Diagnostic): number => files.indexOf(file)
  return diagnostics.toSorted((one, other) => rank(one) - rank(other) || one.line - other.line || one.column - other.column)
}

type ReadOptions = Pick<LoadOptions, 'env' | 'signIns' | 'withoutAuth'>

async function loadFile(path: string, directory: string, options: ReadOptions): Promise<readonly Part[]> {
  const file = displayed(path, directory)
  try {
    return await loadText(source(file, await readText(path)), dirname(path), options)
  } catch (error) {
    if (!(error instanceof HmaError)) throw error
    return [{ file, diagnostics: [diagnoseFile(file, { code: error.errorCode, message: error.message, hint: error.hint })] }]
  }
}

async function loadText(at: Source, folder: string, options: ReadOptions): Promise<readonly Part[]> {
  const documents = parseYaml(at.text)
  if ('range' in documents) return [{ file: at.file, diagnostics: [diagnose(at, documents.range, documents)] }]
  const filled = documents.filter(({ document, mistakes }) => mistakes.length > 0 || !isEmpty(document.contents))
  if (filled.length === 0) {
    const hint = '`hma init` creates one from a few answers; `hma import` creates one from an existing profile.'
    return [
      {
        file: at.file,
        diagnostics: [diagnoseFile(at.file, { code: 'HMA110', message: 'There is no configuration in this file.', hint })],
      },
    ]
  }
  return Promise.all(filled.map((document) => loadDocument(at, document, folder, options)))
}

const isEmpty = (contents: YamlDocument['document']['contents']): boolean =>
  contents === null || ('value' in contents && contents.value === null && contents.source === '')

async function loadDocument(
  at: Source,
  { document, mistakes }: YamlDocument,
  folder: string,
  { env, signIns = false, withoutAuth = false }: ReadOptions,
): Promise<Part> {
  const { file } = at
  if (mistakes.length > 0) return { file, diagnostics: mistakes.map((mistake) => diagnose(at, mistake.range, mistake)) }
  const allowance = allowanceOf(env)
  const whole = readDocument(document, at.text, env, allowance.variable)
  const reading = withoutAuth ? without(whole, 'auth') : whole
  const alone = signIns && isSignInAlone(reading.value)
  const { found, view } = await judge(reading, folder, alone ? signInRules : rules, allowance)
  const shown = [...reading.mistakes, ...found.slice(0, mostShown).map((problem) => locate(reading, problem))].slice(0, mostShown)
  const diagnostics = distinct(
    [...shown, ...unshown(reading.mistakes.length + found.length)].map((one) => diagnose(at, one.range, one)),
  )
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  if (alone) {
    const signIn = wrong ? undefined : signInAlone(reading.value, document, { folder, file })
    return { file, diagnostics, ...(signIn && { signIn }) }
  }
  const neighbour = { source: at, reading, draft: view }
  if (wrong || !isWritten(reading.value)) return { file, diagnostics, neighbour }
  const line = position(at, reading.places.get('')?.value[0] ?? 0).line
  const configuration = complete(reading.value, folder)
  const signIn = signIns ? signInOf(configuration, document, { folder, file }) : undefined
  return {
    file,
    diagnostics,
    neighbour,
    deployment: { configuration, file, line, foreign: reading.foreign },
    ...(signIn && { signIn }),
  }
}

/** A block behind two aliases is reported once. */
const distinct = (diagnostics: readonly Diagnostic[]): Diagnostic[] => [
  ...new Map(diagnostics.map((one) => [`${one.line}:${one.column} ${one.message}`, one])).values(),
]

const unshown = (mistakes: number): readonly Located[] =>
  mistakes <= mostShown
    ? []
    : [{ range: [0, 1], code: 'HMA101', message: `${mistakes - mostShown} more mistakes are not shown.` }]

const rules = { formal: problems, meaning: semanticProblems }
const signInRules: typeof rules = { formal: signInProblems, meaning: semanticProblemsOfSignIn }

/** Violations of the schema, and semantic problems in the rest. Unreadable values are not judged again. */
async function judge(reading: Reading, folder: string, { formal: formalProblems, meaning }: typeof rules, allowance: Allowance) {
  const foreign = (pointer: string): boolean => reading.places.get(pointer)?.foreign ?? false
  const formal = reading.unread.has('')
    ? []
    : formalProblems(reading.value, foreign).filter(({ pointer }) => !reading.unread.has(pointer))
  const unsound = new Set([...reading.unread, ...formal.flatMap(({ pointer, meant }) => [pointer, meant ?? pointer])])
  const view = draft(reading, unsound, folder)
  const found: DocumentProblem[] = [
    ...formal,
    ...(unsound.has('') ? [] : [...cloudIsAllowed(view, allowance), ...(await meaning(view))]),
  ]
  return { found, view }
}
