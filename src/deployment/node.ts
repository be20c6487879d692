import type { Configuration } from '../config/schema.ts'
import type { Address, Desired, Node, Ref, Values } from '../core/kind.ts'
import type { Registration } from '../resources/registered.ts'
import type { CertificateFile } from './certificateFile.ts'

/** Where the deployment's cloud answers. URLs without a slash at the end. */
export interface Places {
  readonly authorityHost: string
  readonly keyVaultUri: string
  /** The working directory: files below it are called by their way from there, so that a plan fits every checkout. */
  readonly directory?: string
}

/** One resource of a deployment. */
export const node = <Spec extends Values>(
  address: Address,
  kind: string,
  spec: Desired<Spec>,
  rest: Pick<Node, 'after' | 'takeOver'> = {},
): Node => ({ address, kind, spec, ...rest })

/** What several of the resources of one deployment are made from. */
export interface Material extends Places {
  readonly configuration: Configuration
  readonly kvApp: Registration
  readonly hmaApp: Registration
  /** The vault's address: a reference where hma makes the vault, so that nothing is looked for in it before. */
  readonly vault: string | Ref
  readonly file: CertificateFile | undefined
  /** Address of a resource of this deployment. */
  at(name: string): Address
}
