import { HmaError } from '../core/errors.ts'
import type { Deployment } from './load.ts'

/** The deployments of these names or globs (`contoso*`); all where none is named. At least one. */
export function chosen(deployments: readonly Deployment[], only: readonly string[]): readonly Deployment[] {
  const wanted = only.map(pattern)
  const found = deployments.filter(({ configuration: { name } }) => only.length === 0 || wanted.some((one) => one.test(name)))
  if (found.length > 0) return found
  const names = deployments.map(({ configuration }) => configuration.name).join(', ')
  throw new HmaError(`No deployment is named ${only.join(' or ')}`, { hint: `The configuration has ${names}.` })
}

function pattern(glob: string): RegExp {
  const plain = glob.replace(/[^\w*?-]/g, '\\$&')
  return new RegExp(`^${plain.replace(/\*/g, '.*').replace(/\?/g, '.')}$`)
}
