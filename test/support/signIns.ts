import type { Principal } from '../../packages/sandbox/src/azure.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import type { Auth } from '../../src/azure/credentials/auth.ts'
import { Secret } from '../../src/core/secret.ts'

/** How hma signs in to each tenant as the automation with these rights. */
export const signIns = ({ principals }: Pick<Sandbox, 'principals'>, rights: Principal['rights']): ReadonlyMap<string, Auth> =>
  new Map(
    principals
      .filter((one) => one.rights === rights)
      .map(({ tenantId, clientId, clientSecret }) => [
        tenantId,
        { credential: 'clientSecret', clientId, clientSecret: new Secret(clientSecret) },
      ]),
  )
