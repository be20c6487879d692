import { signInErrors } from '../credentials/errors.ts'
import { dataverseErrors } from '../dataverse/errors.ts'
import { directoryErrors } from '../directory/errors.ts'
import { responseCodes } from '../exchange/errors.ts'
import { keyVaultErrors } from '../keyVault/errors.ts'
import { resourceManagerErrors } from '../resourceManager/errors.ts'
import type { Service } from './problem.ts'
import type { ErrorRow } from './row.ts'
import { statuses } from './statuses.ts'

/** All rows by which a refusal is judged, the service's own first. */
export const tables: Readonly<Record<Service, readonly ErrorRow[]>> = {
  graph: [...directoryErrors, ...statuses],
  keyVault: [...keyVaultErrors, ...statuses],
  resourceManager: [...resourceManagerErrors, ...statuses],
  dataverse: [...dataverseErrors, ...statuses],
  login: [...signInErrors, ...statuses.filter(({ status }) => status !== 401 && status !== 404)],
  // Every SOAP fault has status 500, whatever the cause.
  exchange: [...responseCodes, ...statuses.filter(({ status = 0 }) => status !== 500 && status !== 404 && status !== 401)],
}
