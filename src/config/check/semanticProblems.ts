import * as auth from './auth.ts'
import * as certificate from './certificate.ts'
import * as clientSecret from './clientSecret.ts'
import * as cloud from './cloud.ts'
import type { DocumentProblem, Draft, SemanticProblem } from './draft.ts'
import * as dynamics from './dynamics.ts'
import * as exchange from './exchange.ts'
import { exchangeFilesDiffer, exchangeFilesStayInside } from './exchangeFiles.ts'
import * as registrations from './registrations.ts'
import * as secrets from './secrets.ts'

/** A rule that the schema cannot express. It judges only sound values and is silent about the rest. */
export type SemanticCheck = (draft: Draft) => readonly SemanticProblem[] | Promise<readonly SemanticProblem[]>

const ofSignIn: readonly SemanticCheck[] = [...Object.values(cloud), ...Object.values(auth), ...Object.values(secrets)]

const checks: readonly SemanticCheck[] = [
  ...ofSignIn,
  ...Object.values(certificate),
  ...Object.values(clientSecret),
  ...Object.values(registrations),
  ...Object.values(exchange),
  exchangeFilesDiffer,
  exchangeFilesStayInside,
  ...Object.values(dynamics),
]

/** Everything in one document that is well-formed but makes no sense. */
export const semanticProblems = (draft: Draft): Promise<DocumentProblem[]> => found(checks, draft)

/** The same for a document with sign-in settings only. */
export const semanticProblemsOfSignIn = (draft: Draft): Promise<DocumentProblem[]> => found(ofSignIn, draft)

const found = async (some: readonly SemanticCheck[], draft: Draft): Promise<DocumentProblem[]> =>
  (await Promise.all(some.map((check) => check(draft)))).flat().map((one) => ({ ...one, code: one.code ?? 'HMA106' }))
