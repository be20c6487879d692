import { type Chosen, chosen } from '../config/choose.ts'
import { ConfigurationInvalid } from '../config/diagnostic.ts'
import type { Deployment } from '../config/load.ts'
import type { Environment } from '../config/read/environment.ts'
import { HmaError } from '../core/errors.ts'
import { SurveyFailed } from '../core/survey.ts'
import type { View } from '../views/view.ts'
import type { Options } from './options.ts'

/** Where the configuration is read from, and with which variables. */
interface Place {
  readonly directory: string
  readonly env: Environment
  readonly view: View
}

/** The requested deployments that are usable; problems of the others are reported. Throws if none is left. */
export async function usable({ file, only, shard }: Options, { directory, env, view }: Place): Promise<Chosen> {
  const { load } = await import('../config/load.ts')
  const found = await chosen(await load({ files: file, env, directory }), { only, shard })
  if (shard && found.deployments.length + found.unusable === 0)
    view.note(`No deployment is in shard ${shard.index}/${shard.of}: there is nothing to do.`)
  if (found.invalid === undefined || found.unusable === 0) return found
  if (found.deployments.length === 0) throw found.invalid
  view.error(found.invalid)
  return found
}

/** The requested deployments without their `auth`, or every other mistake in the configuration at once. */
export async function withoutSignIns(
  { file, only }: Options,
  { directory, env }: Omit<Place, 'view'>,
): Promise<readonly Deployment[]> {
  const { load } = await import('../config/load.ts')
  const loaded = await load({ files: file, env, directory, withoutAuth: true })
  if (loaded.diagnostics.some(({ severity }) => severity === 'error')) throw new ConfigurationInvalid(loaded.diagnostics)
  return (await chosen(loaded, { only })).deployments
}

/** An unusable file stops its own deployment and no other. */
export const leftOut =
  (name: string, view: View) =>
  (error: unknown): undefined => {
    if (!(error instanceof HmaError)) throw error
    view.error(new SurveyFailed([{ address: name, error }]))
  }
