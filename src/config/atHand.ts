import { chosen } from './choose.ts'
import { ConfigurationInvalid } from './diagnostic.ts'
import { type Deployment, type LoadOptions, load } from './load.ts'
import { defaultIn } from './read/defaultFile.ts'
import type { SignIn } from './signIn.ts'

/** What there is of a configuration where a command needs none: for `hma import` and `hma init`, and with all mistakes for `hma doctor`. */
export interface AtHand {
  readonly deployments: readonly Deployment[]
  /** Of the documents, those that say nothing but how to sign in included. */
  readonly signIns: readonly SignIn[]
  /** Why the default file is of no use. One that was named by a person has to be without mistakes. */
  readonly unusable?: ConfigurationInvalid
}

type Asked = Omit<LoadOptions, 'signIns'> & { readonly only: readonly string[] }

export async function atHand(asked: Asked): Promise<AtHand> {
  if (asked.files.length > 0) return usable(asked)
  if (defaultIn(asked.directory) === undefined) return nothing
  return usable(asked).catch((error: unknown) => {
    if (!(error instanceof ConfigurationInvalid)) throw error
    return { ...nothing, unusable: error }
  })
}

const nothing = { deployments: [], signIns: [] }

/** The same, with whatever can be used, and every mistake in the rest. No file has to be there. */
export async function whateverIsAtHand({ only, ...options }: Asked): Promise<AtHand> {
  if (options.files.length === 0 && defaultIn(options.directory) === undefined) return nothing
  const { deployments, rejected, signIns, diagnostics } = await load({ ...options, signIns: true })
  const wrong = diagnostics.filter(({ severity }) => severity === 'error')
  return {
    deployments: deployments.length === 0 ? [] : chosen({ deployments, rejected }, { only }).deployments,
    signIns,
    ...(wrong.length > 0 && { unusable: new ConfigurationInvalid(wrong) }),
  }
}

async function usable({ only, ...options }: Asked): Promise<AtHand> {
  const loaded = await load({ ...options, signIns: true })
  if (loaded.diagnostics.some(({ severity }) => severity === 'error')) throw new ConfigurationInvalid(loaded.diagnostics)
  const deployments = loaded.deployments.length === 0 ? [] : chosen(loaded, { only }).deployments
  return { deployments, signIns: loaded.signIns }
}
