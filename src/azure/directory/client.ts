import type { Cloud } from '../cloud.ts'
import type { Credentials } from '../credentials/credentials.ts'
import type { Transport } from '../http/transport.ts'
import { oneAtATime } from '../oneAtATime.ts'
import { applications } from './applications.ts'
import { applicationCredentials } from './credentials.ts'
import { graph } from './graph.ts'
import { withOwnershipLag } from './owned.ts'
import { policies } from './policies.ts'
import type { Directory } from './port.ts'
import { servicePrincipals } from './servicePrincipals.ts'

export function directoryClient(transport: Transport, credentials: Credentials, cloud: Cloud): Directory {
  const calls = withOwnershipLag(graph(transport, credentials, cloud))
  const inTurn = oneAtATime()
  return {
    ...applications(calls, inTurn),
    ...applicationCredentials(calls, inTurn),
    ...policies(calls),
    ...servicePrincipals(calls),
  }
}
