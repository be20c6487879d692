import type { AsClient } from '../clients/asClient.ts'

export type Ids = Readonly<Record<string, string>>

/** A service with routes that are listed by the router itself, so that a new one is asked too. */
export interface Family {
  readonly name: string
  /** Whose owner asks; the vault's, if left out. */
  readonly tenantId?: string
  /** As `METHOD /path/:parameter`. */
  readonly routes: readonly string[]
  /** Makes what the paths name. */
  prepare(client: AsClient, advance: (milliseconds: number) => void): Promise<Record<string, string>>
  url(path: string, ids: Ids, method: string): string
  /** Routes that are refused as they are asked here, each with where it is tried. */
  readonly apart: Readonly<Record<string, string>>
  readonly headers?: (path: string) => Record<string, string>
  /** A body, or the same without one, for each route that takes one. */
  readonly bodies: Record<string, (ids: Ids) => object>
}
