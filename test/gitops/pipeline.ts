import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { bash, type Ended } from '../../scripts/story/runner.mjs'

const root = join(import.meta.dirname, '../..')
const template = (name: string): string => readFileSync(join(root, 'templates', name), 'utf8')

/** A machine that runs jobs: a folder with the configuration, and an `npx` that knows one program and writes down what else it was given. */
export interface Machine {
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
}

export function machine(directory: string, script: string): Machine {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  const npx = join(bin, 'npx')
  writeFileSync(
    npx,
    `#!/bin/sh\nshift 2\n[ -z "$AZURE_FEDERATED_TOKEN_FILE" ] || cat "$AZURE_FEDERATED_TOKEN_FILE" > token-seen\nexec "${process.execPath}" "${script}" "$@"\n`,
  )
  chmodSync(npx, 0o755)
  const [PATH, HOME] = [`${bin}${delimiter}${process.env.PATH}`, directory]
  return { directory, env: { PATH, HOME, LANG: 'C.UTF-8', TMPDIR: directory } }
}

/** The token that hma was given, and no file of it is left. */
export const tokenSeen = ({ directory }: Machine): string | undefined => {
  const file = join(directory, 'token-seen')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

interface Job {
  readonly extends?: string
  readonly before_script?: readonly string[]
  readonly script?: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
}

/** GitLab joins `before_script` and `script` to one script: https://docs.gitlab.com/ci/yaml/#before_script */
export function gitlab(on: Machine, name: string, inputs: Readonly<Record<string, string>>): Promise<Ended> {
  const [head, body] = parseAllDocuments(template('gitlab-ci.yml'))
  const known: Record<string, { default: string }> = head?.toJS().spec.inputs ?? {}
  const jobs: Record<string, Job> = body?.toJS() ?? {}
  const job = inherited(jobs, name)
  const given = (text: string): string =>
    text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, key) => inputs[key] ?? known[key]?.default ?? '')
  const variables = Object.entries(job.variables ?? {}).map(([key, text]) => [key, given(text)])
  const lines = [...(job.before_script ?? []), ...(job.script ?? [])]
  return bash(lines.join('\n'), {
    cwd: on.directory,
    env: { ...on.env, ...Object.fromEntries(variables), HMA_ID_TOKEN: 'a token of GitLab' },
  })
}

function inherited(jobs: Readonly<Record<string, Job>>, name: string): Job {
  const job = jobs[name]
  if (!job) throw new Error(`There is no job ${name}.`)
  return job.extends ? { ...inherited(jobs, job.extends), ...job } : job
}

interface Step {
  readonly displayName?: string
  readonly bash?: string
  readonly inputs?: { readonly inlineScript?: string }
  readonly env?: Readonly<Record<string, string>>
}

/** One step of Azure Pipelines, by its name on the page of the run. */
export function azure(on: Machine, name: string, parameters: Readonly<Record<string, string>>): Promise<Ended> {
  const { parameters: known, stages } = parse(template('azure-pipelines.yml'))
  const step = stepsIn(stages).find(({ displayName, env }) => displayName === name && env)
  const defaults = Object.fromEntries(known.map((one: { name: string; default?: unknown }) => [one.name, one.default]))
  const given = (text: string): string =>
    text.replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, key) => written(parameters[key] ?? defaults[key] ?? ''))
  const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([key, text]) => [key, given(text)]))
  const folders = {
    AGENT_TEMPDIRECTORY: on.directory,
    BUILD_ARTIFACTSTAGINGDIRECTORY: on.directory,
    PIPELINE_WORKSPACE: on.directory,
  }
  const script = step?.bash ?? step?.inputs?.inlineScript ?? 'exit 9'
  return bash(script, { cwd: on.directory, env: { ...on.env, ...folders, ...env, idToken: 'a token of Azure' } })
}

/** Azure Pipelines writes a boolean with a capital letter. */
const written = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value))

function stepsIn(tree: unknown): Step[] {
  if (Array.isArray(tree)) return tree.flatMap(stepsIn)
  if (typeof tree !== 'object' || tree === null) return []
  return isStep(tree) ? [tree] : Object.values(tree).flatMap(stepsIn)
}

const isStep = (tree: object): tree is Step => 'displayName' in tree && 'env' in tree
