import { isInTime, isSignedBy, readSignedToken } from '../../entra/signedToken.ts'
import type { RequestContext } from '../gate.ts'
import { denied, Refusal } from '../refusal.ts'
import type { DirectoryObject, Json } from '../state.ts'

/** The audience of a proof: the directory behind Graph. */
const audience = '00000002-0000-0000-c000-000000000000'

/**
 * Checks that the client holds the private key of a valid certificate that the object already has: a JWT signed with that key, with the
 * directory as audience and the object as issuer. https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
export function checkProof({ var: { azure } }: RequestContext, object: DirectoryObject, proof: Json | undefined): void {
  // https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/779
  if (typeof proof !== 'string' || proof === '') throw denied()
  const now = azure.now()
  const token = readSignedToken(proof)
  const valid = object.keyCredentials.filter(
    ({ startDateTime, endDateTime }) => now >= new Date(startDateTime) && now < new Date(endDateTime),
  )
  const holds = token !== undefined && valid.some(({ key }) => isSignedBy(token, key))
  // A JWT has no base64 padding: the page above says so.
  if (!holds || proof.includes('=') || !isInTime(now, token)) throw malformed()
  if (token.claims.aud !== audience || String(token.claims.iss).toLowerCase() !== object.id) throw malformed()
}

/** https://github.com/microsoftgraph/microsoft-graph-docs/issues/14626 shows the answer. */
const malformed = (): Refusal => new Refusal(401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.')
