import type { AsClient } from '../clients/asClient.ts'

export type Ids = Readonly<Record<string, string>>

/** A service whose routes the router itself lists, so that a new one is tested, too. */
export interface Family {
  readonly name: string
  /** The tenant whose owner sends the requests; default: the vault's. */
  readonly tenantId?: string
  /** As `METHOD /path/:parameter`. */
  readonly routes: readonly string[]
  /** Makes what the paths name. */
  prepare(client: AsClient, advance: (milliseconds: number) => void): Promise<Record<string, string>>
  url(path: string, ids: Ids, method: string): string
  /** Routes that are refused here, each with the test that covers it. */
  readonly apart: Readonly<Record<string, string>>
  readonly headers?: (path: string) => Record<string, string>
  /** A body, or the same without one, for each route that takes one. */
  readonly bodies: Record<string, (ids: Ids) => object>
}
