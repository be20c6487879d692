import { Secret } from '../../core/secret.ts'
import { AzureError, isAbsence } from '../errors/azureError.ts'
import type { InTurn } from '../oneAtATime.ts'
import type { GraphApi } from './graph.ts'
import type { Directory } from './port.ts'
import { keyCredentialsBody } from './shapes.ts'

type ApplicationCredentials = Pick<Directory, 'setKeys' | 'addPassword' | 'removePassword'>

const needs = 'the Graph permission Application.ReadWrite.OwnedBy (as owner of the application) or Application.ReadWrite.All'

/** The credentials of applications. Writes to one application are made one at a time. */
export const applicationCredentials = (graph: GraphApi, inTurn: InTurn): ApplicationCredentials => ({
  ...certificates(graph, inTurn),
  ...passwords(graph, inTurn),
})

const certificates = (graph: GraphApi, inTurn: InTurn): Pick<ApplicationCredentials, 'setKeys'> => ({
  setKeys: (tenantId, objectId, keys) =>
    inTurn(objectId, async () => {
      const call = {
        tenantId,
        method: 'PATCH',
        path: `/applications/${objectId}`,
        doing: 'set the certificates of the application',
        needs,
      } as const
      const body = (dates: 'given' | 'left out') => ({ keyCredentials: keyCredentialsBody(keys, dates) })
      try {
        await graph.call({ ...call, body: body('given') })
      } catch (error) {
        // Entra compares the dates with the certificate's to the second; without them it uses the certificate's own.
        if (!(error instanceof AzureError && error.codes.includes('KeyCredentialsInvalidEndDate'))) throw error
        await graph.call({ ...call, body: body('left out') })
      }
    }),
})

const passwords = (graph: GraphApi, inTurn: InTurn): Omit<ApplicationCredentials, 'setKeys'> => ({
  addPassword: (tenantId, objectId, { displayName, start, end }) =>
    inTurn(objectId, async () => {
      const passwordCredential = { displayName, startDateTime: start, endDateTime: end }
      const answer = await graph.call({
        tenantId,
        method: 'POST',
        path: `/applications/${objectId}/addPassword`,
        doing: 'add a client secret to the application',
        needs,
        body: { passwordCredential },
        replay: 'never',
      })
      return { keyId: answer.string('keyId'), value: new Secret(answer.string('secretText')) }
    }),
  removePassword: (tenantId, objectId, keyId) =>
    inTurn(objectId, async () => {
      const path = `/applications/${objectId}/removePassword`
      try {
        await graph.call({
          tenantId,
          method: 'POST',
          path,
          doing: 'remove a client secret of the application',
          needs,
          body: { keyId },
          replay: 'idempotent',
        })
      } catch (error) {
        const gone = isAbsence(error) || (error instanceof AzureError && /no password credential found/i.test(error.reason))
        if (!gone) throw error
      }
    }),
})
