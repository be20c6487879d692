import type { Copy } from 'hma-sandbox'
import { isBody } from './recording.ts'

/**
 * Restrictions of app management policies that the sandbox plays, and those that concern credentials hma never adds: symmetric keys, and
 * passwords of one's own choice. https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy
 */
const known = new Set([
  ...['passwordAddition', 'passwordLifetime', 'asymmetricKeyLifetime'],
  ...['customPasswordAddition', 'symmetricKeyAddition', 'symmetricKeyLifetime'],
])

type Body = Copy['policies'][number]['body']

/** The restrictions in force that the rehearsal cannot play, one assumption each. */
export const unplayed = ({ policies, assignedPolicies }: Pick<Copy, 'policies' | 'assignedPolicies'>): readonly string[] => [
  ...new Set([
    ...policies.flatMap(({ body }) => assumption(body, 'applicationRestrictions', "The tenant's app management policy")),
    ...assignedPolicies.flatMap(({ body }) =>
      assumption(body, 'restrictions', `The app management policy ${String(body.displayName ?? body.id)}`),
    ),
  ]),
]

const assumption = (body: Body, field: string, policy: string): readonly string[] =>
  body.isEnabled === true
    ? typesIn(body[field]).map((type) => `${policy} has the restriction ${type}, which the rehearsal does not play.`)
    : []

const typesIn = (restrictions: unknown): readonly string[] =>
  ['passwordCredentials', 'keyCredentials']
    .flatMap((list) => (isBody(restrictions) && Array.isArray(restrictions[list]) ? restrictions[list].filter(isBody) : []))
    .filter(({ state, restrictionType }) => state !== 'disabled' && !known.has(String(restrictionType)))
    .map(({ restrictionType }) => String(restrictionType))
