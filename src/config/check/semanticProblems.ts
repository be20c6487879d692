import * as auth from './auth.ts'
import * as certificate from './certificate.ts'
import * as clientSecret from './clientSecret.ts'
import * as cloud from './cloud.ts'
import type { Draft, Misfit, Problem } from './draft.ts'
import * as dynamics from './dynamics.ts'
import * as exchange from './exchange.ts'
import { exchangeFilesDiffer, exchangeFilesStayInside } from './exchangeFiles.ts'
import * as registrations from './registrations.ts'
import * as secrets from './secrets.ts'

/** One rule that the schema cannot say. It judges only what is sound, and is silent about the rest. */
export type Check = (draft: Draft) => readonly Misfit[] | Promise<readonly Misfit[]>

const ofSignIn: readonly Check[] = [...Object.values(cloud), ...Object.values(auth), ...Object.values(secrets)]

const checks: readonly Check[] = [
  ...ofSignIn,
  ...Object.values(certificate),
  ...Object.values(clientSecret),
  ...Object.values(registrations),
  ...Object.values(exchange),
  exchangeFilesDiffer,
  exchangeFilesStayInside,
  ...Object.values(dynamics),
]

/** Everything in one document that is well formed and still makes no sense. */
export const semanticProblems = (draft: Draft): Promise<Problem[]> => found(checks, draft)

/** The same in a document that has nothing but sign-in. */
export const meaninglessSignIn = (draft: Draft): Promise<Problem[]> => found(ofSignIn, draft)

const found = async (some: readonly Check[], draft: Draft): Promise<Problem[]> =>
  (await Promise.all(some.map((check) => check(draft)))).flat().map((one) => ({ ...one, code: one.code ?? 'HMA106' }))
