import { isDistinguishedName } from '../../certificates/distinguishedName.ts'
import { type Draft, pointer, type SemanticProblem } from './draft.ts'

const at = (field: string): string => pointer('certificate', field)

/** Dataverse keeps at most 100 characters (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/keyvaultreference). */
export function certificateNameFits(draft: Draft): SemanticProblem[] {
  const name = draft.text('certificate', 'name')
  if (name === undefined || name.length <= 100) return []
  const message = `certificate.name has ${name.length} characters; Dynamics allows at most 100.`
  return [{ pointer: at('name'), message, hint: 'Choose a shorter name.' }]
}

export function subjectIsAName(draft: Draft): SemanticProblem[] {
  const subject = draft.text('certificate', 'subject')
  if (subject === undefined || isDistinguishedName(subject)) return []
  const hint =
    draft.foreign('certificate', 'subject') || /[=,+"\\;<>]/.test(subject) ? undefined : `Did you mean "CN=${subject}"?`
  const form = 'Write it like CN=hma.contoso.com,O=Contoso. A comma in a value needs a backslash before it.'
  return [{ pointer: at('subject'), message: 'certificate.subject must be a distinguished name.', hint: hint ?? form }]
}

/** Issuer names with a special meaning to hma or Key Vault. */
export function issuerIsSpelt(draft: Draft): SemanticProblem[] {
  const issuer = draft.text('certificate', 'issuer')
  const meant = ['hma', 'Self', 'Unknown'].find((name) => name.toLowerCase() === issuer?.toLowerCase())
  if (meant === undefined || (meant === issuer && meant !== 'Unknown')) return []
  if (meant !== 'Unknown') return [{ pointer: at('issuer'), message: `certificate.issuer must be written ${meant}.` }]
  const message = 'certificate.issuer cannot be Unknown: the certificate would never be signed.'
  return [{ pointer: at('issuer'), message, hint: 'If your CA signs the certificate, write `source: csr`.' }]
}

const needs: Readonly<Record<string, { readonly field: string; readonly hint: string }>> = {
  csr: {
    field: 'signedFile',
    hint: 'Name the file that will hold what your CA returns: `signedFile: ./hma-cert.cer`. It need not exist yet.',
  },
  import: { field: 'file', hint: 'Name the .pfx or .pem file: `file: ./hma.pfx`.' },
}

export function sourceHasItsFile(draft: Draft): SemanticProblem[] {
  const source = draft.text('certificate', 'source') ?? ''
  const need = needs[source]
  if (!need || draft.says('certificate', need.field)) return []
  const message = `A certificate of source ${source} needs ${need.field}.`
  return [{ pointer: draft.says('certificate', 'source') ? at('source') : at(need.field), message, hint: need.hint }]
}

/** Which sources use a field. */
const uses: Readonly<Record<string, readonly string[]>> = {
  issuer: ['generate'],
  subject: ['generate', 'csr'],
  keySize: ['generate', 'csr'],
  validityMonths: ['generate', 'csr'],
  signedFile: ['csr'],
  file: ['import'],
  password: ['import'],
}

export function sourceHasNoOtherFields(draft: Draft): SemanticProblem[] {
  const source = draft.text('certificate', 'source')
  if (source === undefined) return []
  return Object.entries(uses)
    .filter(([field, sources]) => draft.says('certificate', field) && !sources.includes(source))
    .map(([field, sources]) => ({
      pointer: at(field),
      onKey: true,
      message: `A certificate of source ${source} does not use ${field}.`,
      hint: `Remove it, or write \`source: ${sources.join('` or `source: ')}\`.`,
    }))
}

/** The shortest length of this many months. */
const shortest = (months: number): number => months * 28

export function renewalComesBeforeTheEnd(draft: Draft): SemanticProblem[] {
  const months = draft.text('certificate', 'source') === 'generate' ? draft.number('certificate', 'validityMonths') : undefined
  if (months === undefined) return []
  const days = shortest(months)
  return (['renewBeforeDays', 'overlapDays'] as const).flatMap((field) => {
    const value = draft.number('certificate', field)
    if (value === undefined || value < days) return []
    const consequence = field === 'renewBeforeDays' ? 'it would be renewed on every run' : 'old ones would accumulate'
    const message = `certificate.${field} must be less than the validity: ${consequence}.`
    return [{ pointer: at(field), message, hint: `Write less than ${days}, or a longer validityMonths.` }]
  })
}

/** An expired certificate is useless, so an overlap longer than its remaining lifetime ends with it. */
export function overlapFitsIntoRenewal(draft: Draft): SemanticProblem[] {
  const [overlap, before] = [draft.number('certificate', 'overlapDays'), draft.number('certificate', 'renewBeforeDays')]
  if (overlap === undefined || before === undefined || overlap <= before) return []
  const message =
    'certificate.overlapDays is longer than renewBeforeDays: the former certificate expires before the overlap ends.'
  const says = draft.says('certificate', 'overlapDays') ? 'overlapDays' : 'renewBeforeDays'
  return [
    { severity: 'warning', pointer: at(says), message, hint: `Write ${before} days of overlap or fewer, or renew earlier.` },
  ]
}
