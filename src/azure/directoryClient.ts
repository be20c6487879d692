import type { Cloud } from './cloud.ts'
import type { Credentials } from './credentials.ts'
import type { Directory } from './directory.ts'
import { applications } from './directoryApplications.ts'
import { applicationCredentials } from './directoryCredentials.ts'
import { servicePrincipals } from './directoryServicePrincipals.ts'
import type { Stored } from './directoryShapes.ts'
import { graph } from './graphRequest.ts'
import { oneAtATime } from './oneAtATime.ts'
import type { Transport } from './transport.ts'

export function directoryClient(transport: Transport, credentials: Credentials, cloud: Cloud): Directory {
  const calls = graph(transport, credentials, cloud)
  const stored = new Map<string, Stored>()
  const inTurn = oneAtATime()
  return {
    ...applications(calls, stored, inTurn),
    ...applicationCredentials(calls, stored, inTurn),
    ...servicePrincipals(calls),
  }
}
