import { HmaError } from '../core/errors.ts'
import { ConfigurationInvalid } from './diagnostic.ts'
import type { Deployment, Loaded } from './load.ts'
import { shardOf } from './rendezvous.ts'
import type { Shard } from './shard.ts'
import { didYouMean } from './suggest.ts'

export interface Choice {
  /** Names or globs (`contoso*`); all if there are none. */
  readonly only: readonly string[]
  /** Only those in this shard. */
  readonly shard?: Shard | undefined
}

export interface Chosen {
  /** Empty if they are all in other shards or unusable. */
  readonly deployments: readonly Deployment[]
  /** How many chosen documents and files are unusable. One whose name cannot be read may be meant, so it counts. */
  readonly unusable: number
  /** Why they are unusable. */
  readonly invalid?: ConfigurationInvalid
}

/** The requested deployments. Throws if one of the names matches none: it may be mistyped. */
export async function chosen(
  { deployments, rejected }: Pick<Loaded, 'deployments' | 'rejected'>,
  { only, shard }: Choice,
): Promise<Chosen> {
  const wanted = await Promise.all(only.map(matching))
  const isNamed = (name: string): boolean => only.length === 0 || wanted.some((matches) => matches(name))
  const isHere = (name: string): boolean => shard === undefined || shardOf(name, shard.of) === shard.index
  const named = deployments.filter(({ configuration: { name } }) => isNamed(name))
  const meant = rejected.filter(({ name }) => name === undefined || isNamed(name))
  const known = [...deployments.map(({ configuration: { name } }) => name), ...rejected.map(({ name }) => name)]
  const strangers = only.filter((_, at) => !known.some((name) => name === undefined || wanted[at]?.(name)))
  if (strangers.length > 0 || known.length === 0) throw noSuchDeployment(deployments, strangers)
  const lost = meant.filter(({ name, file }) => isHere(name ?? file))
  const mistakes = [...new Set(lost.flatMap(({ diagnostics }) => diagnostics))]
  return {
    deployments: named.filter(({ configuration: { name } }) => isHere(name)),
    unusable: lost.length,
    ...(mistakes.length > 0 && { invalid: new ConfigurationInvalid(mistakes) }),
  }
}

function noSuchDeployment(deployments: readonly Deployment[], only: readonly string[]): HmaError {
  const names = deployments.map(({ configuration }) => configuration.name)
  return new HmaError('HMA111', `No deployment is named ${only.join(' or ')}`, {
    hint: `${didYouMean(only, names)}The configuration has ${names.join(', ')}.`,
  })
}

/** Does a name fit? Globs are those of `--file`, whose library is loaded for a glob only. */
async function matching(wanted: string): Promise<(name: string) => boolean> {
  if (/^[\w-]*$/.test(wanted)) return (name) => name === wanted
  const { default: picomatch } = await import('picomatch')
  // As a shell does: `[!a]` is any character but a.
  return picomatch(wanted, { posix: true })
}
