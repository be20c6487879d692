import type { Copy, Sight } from 'hma-sandbox'
import type { Kinds, Node } from '../core/kind.ts'
import type { Pace } from '../core/pace.ts'

/** One process of hma in the world of a rehearsal: it remembers nothing of the ones before. */
export interface Process {
  readonly nodes: readonly Node[]
  readonly kinds: Kinds
  readonly pace: Pace
}

/** When a process dies: at its n-th request, before it goes out or after it arrived. */
export interface Death {
  readonly request: number
  readonly arrived: boolean
}

/** A credential that a registration had. */
export interface Credential {
  readonly sort: 'certificate' | 'secret'
  readonly application: string
  readonly keyId: string
  readonly expires: string
}

/** A world of its own, made from the copy, with a clock that only waiting and `advance` move. */
export interface Scene {
  now(): Date
  advance(milliseconds: number): void
  look(): Promise<Sight>
  process(death?: Death): Promise<Process>
  /** What each registration of the deployment has now. */
  credentials(): readonly Credential[]
  /** Sentences that say where sign-in broke after a request. */
  violations(): readonly string[]
  /** Nothing goes wrong from here on. */
  calm(): void
  close(): Promise<void>
}

/** How a scene begins: with so many faults, drawn by a seed. */
export interface Weather {
  readonly seed: number
  readonly faults: number
}

/** A deployment whose copy can be played, as often as is asked for. */
export interface Stage {
  readonly name: string
  readonly preventRemoval: boolean
  readonly copy: Copy
  begin(weather?: Weather): Promise<Scene>
}
