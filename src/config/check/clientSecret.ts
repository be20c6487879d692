import { type Draft, pointer, type SemanticProblem } from './draft.ts'

const secret = ['keyVaultApp', 'clientSecret'] as const

const at = (field: string): string => pointer(...secret, field)

/** Points to the value that the document sets, if the other side of the comparison is a default. */
const written = (draft: Draft, field: string, other: string): string =>
  at(draft.says(...secret, field) || !draft.says(...secret, other) ? field : other)

export function secretIsKeptSomewhere(draft: Draft): SemanticProblem[] {
  if (draft.says('dynamics') || draft.says(...secret, 'vaultSecretName')) return []
  const message =
    'Without dynamics, keyVaultApp.clientSecret.vaultSecretName is required: otherwise the secret would not be kept anywhere.'
  return [{ pointer: at('vaultSecretName'), message, hint: 'Write for example `vaultSecretName: hma-kv-app-client-secret`.' }]
}

/** A certificate owns the secret and the key of the same name (https://learn.microsoft.com/azure/key-vault/certificates/about-certificates). */
export function secretHasItsOwnName(draft: Draft): SemanticProblem[] {
  const [name, certificate] = [draft.text(...secret, 'vaultSecretName'), draft.text('certificate', 'name')]
  if (name === undefined || name.toLowerCase() !== certificate?.toLowerCase()) return []
  const message = 'vaultSecretName must differ from certificate.name: a certificate owns the secret of its name.'
  return [{ pointer: at('vaultSecretName'), message, hint: 'Choose another name, like hma-kv-app-client-secret.' }]
}

export function renewalComesBeforeTheEnd(draft: Draft): SemanticProblem[] {
  const lifetime = draft.number(...secret, 'lifetimeDays')
  return (['renewBeforeDays', 'overlapDays'] as const).flatMap((field) => {
    const value = draft.number(...secret, field)
    if (lifetime === undefined || value === undefined || value < lifetime) return []
    const consequence = field === 'renewBeforeDays' ? 'it would be renewed on every run' : 'old ones would accumulate'
    const message = `keyVaultApp.clientSecret.${field} must be less than lifetimeDays (${lifetime}): ${consequence}.`
    return [{ pointer: written(draft, field, 'lifetimeDays'), message, hint: 'Use a smaller number, or a longer lifetime.' }]
  })
}

/** An expired secret is useless, so an overlap longer than its remaining lifetime ends with it. */
export function overlapFitsIntoRenewal(draft: Draft): SemanticProblem[] {
  const [overlap, before] = [draft.number(...secret, 'overlapDays'), draft.number(...secret, 'renewBeforeDays')]
  if (overlap === undefined || before === undefined || overlap <= before) return []
  const message =
    'The overlapDays of the client secret are more than its renewBeforeDays: the former secret expires before the overlap ends.'
  const hint = `Write ${before} days of overlap or fewer, or renew earlier.`
  return [{ severity: 'warning', pointer: written(draft, 'overlapDays', 'renewBeforeDays'), message, hint }]
}
