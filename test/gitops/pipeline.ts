import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { bash, type Ended } from '../../scripts/story/runner.mjs'

const root = join(import.meta.dirname, '../..')
const template = (name: string): string => readFileSync(join(root, 'templates', name), 'utf8')

/** A machine that runs jobs: a folder with the configuration, a release to download, and package managers that must not be used. */
export interface Machine {
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  /** The parameters by which a template finds the release. */
  readonly release: { readonly package: string; readonly sha256: string }
  stop(): void
}

export async function machine(directory: string, script: string): Promise<Machine> {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  for (const name of ['npx', 'npm'])
    writeFileSync(join(bin, name), `#!/bin/sh\ntouch "${directory}/registry-used"\nexit 9\n`, { mode: 0o755 })
  const content = packed(directory, script)
  const server = createServer((_, response) => response.end(content)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const [PATH, HOME] = [`${bin}${delimiter}${process.env.PATH}`, directory]
  return {
    directory,
    env: { PATH, HOME, LANG: 'C.UTF-8', TMPDIR: directory },
    release: { package: `http://127.0.0.1:${port}/hma.tgz`, sha256: createHash('sha256').update(content).digest('hex') },
    stop: () => void server.close(),
  }
}

/** A package as npm packs it, whose program writes down the token that it is given and is the built one otherwise. */
function packed(directory: string, script: string): Buffer {
  const folder = join(directory, 'release')
  mkdirSync(join(folder, 'package', 'dist'), { recursive: true })
  writeFileSync(join(folder, 'package', 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(folder, 'package', 'dist', 'cli.js'),
    `import { copyFileSync } from 'node:fs'
     const token = process.env.AZURE_FEDERATED_TOKEN_FILE
     if (token) copyFileSync(token, 'token-seen')
     await import(${JSON.stringify(pathToFileURL(script).href)})`,
  )
  execFileSync('tar', ['-czf', 'hma.tgz', 'package'], { cwd: folder })
  const content = readFileSync(join(folder, 'hma.tgz'))
  rmSync(folder, { recursive: true })
  return content
}

export const registryUsed = ({ directory }: Machine): boolean => existsSync(join(directory, 'registry-used'))

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
export function gitlab(on: Machine, name: string, given: Readonly<Record<string, string>>): Promise<Ended> {
  const [head, body] = parseAllDocuments(template('gitlab-ci.yml'))
  const known: Record<string, { default: string }> = head?.toJS().spec.inputs ?? {}
  const jobs: Record<string, Job> = body?.toJS() ?? {}
  const job = inherited(jobs, name)
  const inputs: Readonly<Record<string, string>> = { ...on.release, ...given }
  const filled = (text: string): string =>
    text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, key) => inputs[key] ?? known[key]?.default ?? '')
  const variables = Object.entries(job.variables ?? {}).map(([key, text]) => [key, filled(text)])
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
export function azure(on: Machine, name: string, chosen: Readonly<Record<string, string>>): Promise<Ended> {
  const parameters: Readonly<Record<string, string>> = { ...on.release, ...chosen }
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
