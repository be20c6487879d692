/** An object's mark: whose it is. */
export interface Mark {
  readonly deployment: string
  /** What it was made for: an organization's id or a vault's name. Marks of earlier versions lack it. */
  readonly store?: string
  /** Where that store is, for people: an environment's URL. */
  readonly place?: string
}

/** What a kind reads from an object. `ownership` decides whose it is, and nothing else does. */
export interface Marked {
  /** `parent`: it has no mark of its own and belongs to whoever owns the object it is part of. */
  readonly marks: readonly Mark[] | 'parent'
  /** The stores that it serves where it was found; left out if that does not matter. */
  readonly stores?: readonly string[]
  /** It is copied together with its store, including the mark. */
  readonly copied?: true
  /** The setting that names it, such as `certificate.name`. */
  readonly setting?: string
  /** Several deployments may use it side by side, each with its own mark. */
  readonly shared?: true
  /** Other deployments that would lose something if this one were destroyed, although the object itself is ours. */
  readonly dependents?: readonly Mark[]
}

export type Ownership =
  | { readonly is: 'unmarked' }
  | { readonly is: 'ours' /** The mark does not name the store yet. */; readonly outdated?: true }
  | { readonly is: 'another deployment'; readonly mark: Mark }
  | { readonly is: 'another store'; readonly mark: Mark /** A copy, whose original is elsewhere. */; readonly copy: boolean }

/** Decides who owns it, from the mark alone: never from a name, a position in a list, or an id that a copy shares. */
export function ownership({ marks, stores = [], copied, shared }: Marked, deployment: string): Ownership {
  if (marks === 'parent') return { is: 'ours' }
  const here = marks.filter((mark) => isFor(mark, stores))
  const ours = here.filter((mark) => mark.deployment === deployment)
  const [theirs] = here.filter((mark) => mark.deployment !== deployment)
  if (ours.length > 0 && (shared || !theirs)) {
    const outdated = stores.length > 0 && ours.every(({ store }) => store === undefined)
    return { is: 'ours', ...(outdated && { outdated }) }
  }
  if (theirs) return { is: 'another deployment', mark: theirs }
  const [elsewhere] = marks
  return elsewhere ? { is: 'another store', mark: elsewhere, copy: copied === true } : { is: 'unmarked' }
}

/** The same for one entry of a list: a credential, a role assignment. */
export const isOurs = (marked: Marked, deployment: string): boolean => ownership(marked, deployment).is === 'ours'

export const ownershipOf = <Live>(kind: { marks(live: Live): Marked }, live: Live, deployment: string): Ownership =>
  ownership(kind.marks(live), deployment)

/** A mark that names no store fits any. Where space is short, a mark has only the first eight digits of an organization's id. */
const isFor = ({ store }: Mark, stores: readonly string[]): boolean =>
  store === undefined || stores.length === 0 || stores.some((one) => isSame(one.toLowerCase(), store.toLowerCase()))

const isSame = (store: string, marked: string): boolean =>
  store === marked || (/^[0-9a-f]{8}$/.test(marked) && store.startsWith(`${marked}-`))
