import { type Draft, pointer, type SemanticProblem } from './draft.ts'

export function registrationsAreTwo(draft: Draft): SemanticProblem[] {
  const [vault, hma] = [draft.text('keyVaultApp', 'appId'), draft.text('hmaApp', 'appId')]
  if (vault === undefined || vault.toLowerCase() !== hma?.toLowerCase()) return []
  const message = 'hmaApp.appId must differ from keyVaultApp.appId: the two registrations have different rights.'
  return [
    {
      pointer: pointer('hmaApp', 'appId'),
      message,
      hint: 'Name two registrations, or omit appId in one of them, and hma creates it.',
    },
  ]
}
