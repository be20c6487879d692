import { relative, resolve } from 'node:path'
import { type Choice, chosen } from '../config/choose.ts'
import { type Diagnostic, render } from '../config/diagnostic.ts'
import { type Loaded, load } from '../config/load.ts'
import { annotation } from '../views/terminal/annotation.ts'
import type { Environment } from '../views/terminal/terminal.ts'
import type { View } from '../views/view.ts'
import { exit } from './exitCode.ts'

export interface ValidateArguments extends Choice {
  readonly files: readonly string[]
  readonly environment: Environment
  readonly directory: string
}

/** `hma validate`: every mistake in the configuration, or in the requested deployments, offline. */
export async function validate(view: View, { files, environment, directory, ...choice }: ValidateArguments): Promise<number> {
  const loaded = await requested(await load({ files, env: environment, directory }), choice)
  const valid = loaded.diagnostics.every(({ severity }) => severity !== 'error')
  const data = { valid, deployments: names(loaded), diagnostics: loaded.diagnostics }
  const texts = loaded.diagnostics.map((one) => `${render(one)}\n`)
  view.mistakes(data, [...texts, conclusion(loaded)].join('\n'))
  view.annotate(annotations(loaded.diagnostics, environment, directory))
  return valid ? exit.done : exit.failed
}

type Checked = Pick<Loaded, 'deployments' | 'diagnostics'>

async function requested(loaded: Loaded, choice: Choice): Promise<Checked> {
  if (choice.only.length === 0 && choice.shard === undefined) return loaded
  const { deployments, invalid } = await chosen(loaded, choice)
  const files = new Set(deployments.map(({ file }) => file))
  const warnings = loaded.diagnostics.filter(({ severity, file }) => severity === 'warning' && files.has(file))
  return { deployments, diagnostics: [...(invalid?.diagnostics ?? []), ...warnings] }
}

/** On a GitHub runner each mistake is shown at its line, with paths relative to the repository. */
function annotations(diagnostics: readonly Diagnostic[], environment: Environment, directory: string): readonly string[] {
  if (environment.GITHUB_ACTIONS !== 'true') return []
  const root = environment.GITHUB_WORKSPACE ?? directory
  const place = (file: string): string => relative(root, resolve(directory, file)).replaceAll('\\', '/')
  return diagnostics.map((one) => annotation({ ...one, file: place(one.file) }))
}

const names = ({ deployments }: Checked): readonly string[] => deployments.map(({ configuration }) => configuration.name)

function conclusion({ deployments, diagnostics }: Checked): string {
  const many = (severity: Diagnostic['severity']): number => diagnostics.filter((one) => one.severity === severity).length
  const errors = many('error')
  if (errors > 0) return `${count(errors, 'error')} in the configuration.\n`
  const warnings = many('warning')
  const files = new Set(deployments.map(({ file }) => file)).size
  const verb = deployments.length === 1 ? 'is' : 'are'
  const but = warnings > 0 ? `, with ${count(warnings, 'warning')}` : ''
  return `${count(deployments.length, 'deployment')} in ${count(files, 'file')} ${verb} valid${but}.\n`
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
