import type { Configuration } from '../config/schema.ts'
import type { Address, Desired, Node, Ref, Values } from '../core/kind.ts'
import type { Registration } from '../resources/registered.ts'
import type { CertificateFile } from './certificateFile.ts'

/** The endpoints of the deployment's cloud. URLs without a trailing slash. */
export interface Places {
  readonly authorityHost: string
  readonly keyVaultUri: string
  /** The working directory: files below it are named relative to it, so that a plan fits every checkout. */
  readonly directory?: string
}

/** One resource of a deployment. */
export const node = <Spec extends Values>(
  address: Address,
  kind: string,
  spec: Desired<Spec>,
  rest: Pick<Node, 'after' | 'takeOver'> = {},
): Node => ({ address, kind, spec, ...rest })

/** What several resources of one deployment are built from. */
export interface Material extends Places {
  readonly configuration: Configuration
  readonly kvApp: Registration
  readonly hmaApp: Registration
  /** The vault's address: a reference if hma creates the vault, so that nothing in it is read before it exists. */
  readonly vault: string | Ref
  readonly file: CertificateFile | undefined
  /** The address of a resource in this deployment. */
  at(name: string): Address
}
