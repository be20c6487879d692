import { type Draft, pointer, type SemanticProblem } from './draft.ts'

export const secretsStayOutOfTheFile = (draft: Draft): SemanticProblem[] =>
  [
    ...draft.keys('auth').flatMap((tenant) => [
      ['auth', tenant, 'clientSecret'],
      ['auth', tenant, 'certificatePassword'],
    ]),
    ['certificate', 'password'],
  ]
    .filter((path) => draft.text(...path) && !draft.foreign(...path))
    .map((path) => ({
      severity: 'warning',
      pointer: pointer(...path),
      onKey: true,
      code: 'HMA108',
      message: 'Secret in plain text.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
      hint: 'Put it in an environment variable and refer to that here: ${NAME}. Replace the secret if the file was ever committed.',
    }))
