import { chosen } from './choose.ts'
import { ConfigurationInvalid } from './diagnostic.ts'
import { type Deployment, type LoadOptions, load } from './load.ts'
import { defaultIn } from './read/defaultLocation.ts'
import type { SignInSettings } from './signIn.ts'

/** The configuration at hand for commands that need none: `hma import`, `hma init` and, with all mistakes, `hma doctor`. */
export interface AvailableConfiguration {
  readonly deployments: readonly Deployment[]
  /** Sign-in settings of the documents, including those that hold nothing else. */
  readonly signIns: readonly SignInSettings[]
  /** Why the default file cannot be used. A file that was named explicitly must not have mistakes. */
  readonly unusable?: ConfigurationInvalid
}

type Asked = Omit<LoadOptions, 'signIns'> & { readonly only: readonly string[] }

export async function availableConfiguration(asked: Asked): Promise<AvailableConfiguration> {
  if (asked.files.length > 0) return usable(asked)
  if (defaultIn(asked.directory) === undefined) return nothing
  return usable(asked).catch((error: unknown) => {
    if (!(error instanceof ConfigurationInvalid)) throw error
    return { ...nothing, unusable: error }
  })
}

const nothing = { deployments: [], signIns: [] }

/** The same, with whatever is usable and every mistake in the rest. There need not be a file. */
export async function usableConfiguration({ only, ...options }: Asked): Promise<AvailableConfiguration> {
  if (options.files.length === 0 && defaultIn(options.directory) === undefined) return nothing
  const { deployments, rejected, signIns, diagnostics } = await load({ ...options, signIns: true })
  const wrong = diagnostics.filter(({ severity }) => severity === 'error')
  return {
    deployments: deployments.length === 0 ? [] : (await chosen({ deployments, rejected }, { only })).deployments,
    signIns,
    ...(wrong.length > 0 && { unusable: new ConfigurationInvalid(wrong) }),
  }
}

async function usable({ only, ...options }: Asked): Promise<AvailableConfiguration> {
  const loaded = await load({ ...options, signIns: true })
  if (loaded.diagnostics.some(({ severity }) => severity === 'error')) throw new ConfigurationInvalid(loaded.diagnostics)
  const deployments = loaded.deployments.length === 0 ? [] : (await chosen(loaded, { only })).deployments
  return { deployments, signIns: loaded.signIns }
}
