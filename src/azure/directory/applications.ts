import { unlessAbsent } from '../errors/azureError.ts'
import type { InTurn } from '../oneAtATime.ts'
import type { GraphApi, GraphCall } from './graph.ts'
import type { Directory } from './port.ts'
import { applicationOf, applicationSelect } from './shapes.ts'

type Applications = Pick<
  Directory,
  | 'application'
  | 'applicationsNamed'
  | 'deletedApplication'
  | 'restoreApplication'
  | 'createApplication'
  | 'updateApplication'
  | 'deleteApplication'
>

const readPermission = 'the Graph permission Application.Read.All'
const writePermission =
  'the Graph permission Application.ReadWrite.OwnedBy (for applications that it owns) or Application.ReadWrite.All, or the role Cloud Application Administrator'

/** A literal for a filter or key, encoded for the URL. */
export const encodedLiteral = (text: string): string => encodeURIComponent(`'${text.replaceAll("'", "''")}'`)

export const deletedItems = '/directory/deletedItems'

export const applications = (graph: GraphApi, inTurn: InTurn): Applications => ({
  ...reads(graph),
  ...writes(graph, inTurn),
})

type Reads = Pick<Applications, 'application' | 'applicationsNamed' | 'deletedApplication'>

function reads(graph: GraphApi): Reads {
  const read = (tenantId: string, doing: string) => ({ tenantId, method: 'GET', doing, needs: readPermission }) as const
  return {
    async application(tenantId, key) {
      const [name, value] = 'uniqueName' in key ? ['uniqueName', key.uniqueName] : ['appId', key.appId]
      const path = `/applications(${name}=${encodedLiteral(value)})?${applicationSelect}`
      const found = await unlessAbsent(graph.call({ ...read(tenantId, `read the application ${value}`), path }))
      // An application found by its unique name has it, even if the answer leaves it out.
      return found === undefined ? undefined : { ...applicationOf(found), ...('uniqueName' in key && key) }
    },
    async applicationsNamed(tenantId, displayName) {
      const path = `/applications?$filter=displayName%20eq%20${encodedLiteral(displayName)}&${applicationSelect}`
      return (await graph.list({ ...read(tenantId, `look for applications named ${displayName}`), path })).map(applicationOf)
    },
    async deletedApplication(tenantId, key) {
      const [name, value] = 'uniqueName' in key ? ['uniqueName', key.uniqueName] : ['appId', key.appId]
      // Filtering deleted applications by unique name is unreliable, so all of them are read.
      const path = `${deletedItems}/microsoft.graph.application?${applicationSelect}&$top=999`
      const found = await graph.list({ ...read(tenantId, 'look through the deleted applications'), path })
      const held = found.find((each) => each.optionalString(name)?.toLowerCase() === value.toLowerCase())
      return held === undefined ? undefined : applicationOf(held)
    },
  }
}

function writes(graph: GraphApi, inTurn: InTurn): Omit<Applications, keyof Reads> {
  const write = async (wanted: Omit<GraphCall, 'needs'>, key: string): Promise<void> => {
    await inTurn(key, () => graph.call({ ...wanted, needs: writePermission }))
  }
  return {
    restoreApplication: (tenantId, objectId) =>
      write(
        { tenantId, method: 'POST', path: `${deletedItems}/${objectId}/restore`, doing: 'restore the application' },
        objectId,
      ),
    createApplication: (tenantId, { uniqueName, displayName, tags, notes }) => {
      const path = `/applications(uniqueName=${encodedLiteral(uniqueName)})`
      // If left out, the audience may include personal accounts, which allow two secrets only.
      const body = { displayName, tags, signInAudience: 'AzureADMyOrg', ...(notes !== undefined && { notes }) }
      const prefer = 'create-if-missing'
      return write({ tenantId, method: 'PATCH', path, doing: `create the application ${displayName}`, body, prefer }, uniqueName)
    },
    updateApplication: (tenantId, objectId, { requiredAccess, ...change }) => {
      const body = { ...change, ...(requiredAccess && { requiredResourceAccess: requiredAccess }) }
      return write(
        { tenantId, method: 'PATCH', path: `/applications/${objectId}`, doing: 'change the application', body },
        objectId,
      )
    },
    async deleteApplication(tenantId, objectId) {
      const path = `/applications/${objectId}`
      await unlessAbsent(write({ tenantId, method: 'DELETE', path, doing: 'delete the application' }, objectId))
    },
  }
}
