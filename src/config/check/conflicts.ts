import type { Diagnostic } from '../diagnostic.ts'
import type { Reading } from '../read/reader.ts'
import { diagnose, position, type Source } from '../read/source.ts'
import { type Draft, locate, pointer } from './draft.ts'
import { exchangeFiles } from './exchangeFiles.ts'

/** One document, with what it takes to judge it beside the others. */
export interface Neighbour {
  readonly source: Source
  readonly reading: Reading
  readonly draft: Draft
}

/** Something that only one deployment may have. */
interface Claim {
  readonly key: string
  readonly pointer: string
  readonly message: string
  readonly hint: string
}

/** Who came first with a claim, and where it stands. */
interface Earlier {
  readonly neighbour: Neighbour
  readonly place: string
}

/**
 * What two deployments both lay claim to, at its place in the later one, and where the earlier one is. Who is right nobody can say:
 * the answer has it for both.
 */
export function conflicts(neighbours: readonly Neighbour[]): ReadonlyMap<Neighbour, readonly Diagnostic[]> {
  const first = new Map<string, Earlier>()
  const found = new Map<Neighbour, Diagnostic[]>()
  for (const neighbour of neighbours)
    for (const claim of claims(neighbour.draft)) {
      const { earlier, told } = stake(claim, neighbour, first)
      if (!earlier) continue
      for (const one of [earlier, neighbour]) found.set(one, [...(found.get(one) ?? []), told])
    }
  return found
}

function stake({ key, message, hint, pointer }: Claim, neighbour: Neighbour, first: Map<string, Earlier>) {
  const { source, reading } = neighbour
  const { range } = locate(reading, { pointer, code: 'HMA109', message })
  const { line, column } = position(source, range[0])
  const earlier = first.get(key)
  if (!earlier) first.set(key, { neighbour, place: `${source.file}:${line}:${column}` })
  return {
    earlier: earlier?.neighbour,
    told: diagnose(source, range, { code: 'HMA109', message: `${message}: ${earlier?.place}.`, hint }),
  }
}

const claims = (draft: Draft): Claim[] => [...ownName(draft), ...vaultObjects(draft), ...ownProfile(draft), ...ownFiles(draft)]

function ownName(draft: Draft): Claim[] {
  const name = draft.text('name')
  const hint = 'Every mark that hma leaves holds the name. Choose another.'
  return name === undefined
    ? []
    : [{ key: `name ${name}`, pointer: pointer('name'), message: 'Another deployment has this name', hint }]
}

/** A certificate owns the secret of its name, so the two kinds of names are one. */
function vaultObjects(draft: Draft): Claim[] {
  const vault = draft.text('keyVault', 'name')?.toLowerCase()
  const place = draft.text('cloud', 'keyVaultSuffix') ?? draft.text('cloud')
  const hint = 'Choose another name, or another vault.'
  const message = 'Another deployment has an object of this name in the same vault'
  const secret = draft.text('keyVaultApp', 'clientSecret', 'vaultSecretName')?.toLowerCase()
  const certificate = draft.text('certificate', 'name')?.toLowerCase()
  const paths = [
    { name: certificate, path: ['certificate', 'name'] },
    { name: secret === certificate ? undefined : secret, path: ['keyVaultApp', 'clientSecret', 'vaultSecretName'] },
  ]
  return paths.flatMap(({ name, path }) =>
    name === undefined || vault === undefined
      ? []
      : [{ key: `object ${place} ${vault} ${name}`, pointer: pointer(...path), message, hint }],
  )
}

function ownProfile(draft: Draft): Claim[] {
  const [environment, name] = [draft.text('dynamics', 'environmentUrl'), draft.text('dynamics', 'profile', 'name')]
  if (environment === undefined || name === undefined) return []
  const key = `profile ${environment.toLowerCase().replace(/\/$/, '')} ${name.toLowerCase()}`
  const message = 'Another deployment has a profile of this name in the same environment'
  return [{ key, pointer: pointer('dynamics', 'profile', 'name'), message, hint: 'Choose another name for the profile.' }]
}

/** The files of a document are compared with each other by another check: each is claimed once. */
function ownFiles(draft: Draft): Claim[] {
  const claims = exchangeFiles(draft).map(({ path, at }) => ({
    ...{ key: `file ${path}`, pointer: at, hint: 'Choose another file.' },
    message: 'Another deployment uses this file for its script or evidence',
  }))
  return [...new Map(claims.map((claim) => [claim.key, claim])).values()]
}
