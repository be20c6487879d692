import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Azure } from '../azure.ts'
import { sweep } from '../resourceManager/vaults/vaults.ts'
import { backupCertificate, backupSecret, restoreCertificate, restoreSecret } from './backups.ts'
import {
  getCertificate,
  getPolicy,
  listCertificates,
  listVersions,
  patchCertificate,
  patchPolicy,
} from './certificates/certificates.ts'
import { deleteContacts, getContacts, putContacts } from './certificates/contacts.ts'
import {
  deleteCertificate,
  getDeletedCertificate,
  listDeletedCertificates,
  purgeCertificate,
  recoverCertificate,
} from './certificates/deleted.ts'
import { importCertificate } from './certificates/importing.ts'
import { catchUp } from './certificates/issuance.ts'
import { deleteIssuer, getIssuer, listIssuers, patchIssuer, putIssuer } from './certificates/issuers.ts'
import { createCertificate, deleteOperation, getOperation, mergeCertificate, patchOperation } from './certificates/pending.ts'
import { refuse } from './errors.ts'
import { admit, stamp } from './gate.ts'
import { keyRoutes } from './keys/routes.ts'
import { oneAtATime } from './oneAtATime.ts'
import type { RequestEnv } from './requestContext.ts'
import { deleteSecret, getDeletedSecret, listDeletedSecrets, purgeSecret, recoverSecret } from './secrets/deleted.ts'
import { getSecret, listSecrets, listSecretVersions, patchSecret, setSecret } from './secrets/secrets.ts'
import type { Vault } from './state.ts'

type App = Hono<RequestEnv>

const inTurn = oneAtATime<Vault>()

/** Lets every vault catch up with what is due, each in its turn. */
export async function catchUpAll(azure: Azure): Promise<void> {
  await Promise.all(Object.values(azure.world.vaults).map((vault) => inTurn(vault, () => catchUp(azure, vault))))
}

/** The data plane of every vault, selected by the first label of the requested host. */
export function keyVault(azure: Azure): Hono {
  const app: App = new Hono<RequestEnv>({ getPath: tolerant })
  app.use(async (asked, next) => {
    await next()
    stamp(asked)
  })
  app.use(async (asked, next) => {
    sweep(azure.world, azure.now())
    admit(azure, asked)
    // The body is read before the turn begins, so a slow client delays no one else.
    await asked.req.text()
    await inTurn(asked.var.vault, async () => {
      await catchUp(azure, asked.var.vault)
      await next()
    })
  })
  register(app)
  app.notFound(() => refuse(404, 'NotFound', 'The sandbox serves no such resource of a key vault.').getResponse())
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse()
    return refuse(500, 'InternalServerError', `The sandbox failed: ${error.message}`).getResponse()
  })
  // The inner application parses paths in its own way, so it must see the original request.
  return new Hono().all('*', (asked) => app.fetch(asked.req.raw))
}

export function register(app: App): void {
  certificateRoutes(app)
  deletedCertificateRoutes(app)
  secretRoutes(app)
  keyRoutes(app)
}

/** Clients ask for the current version with an empty segment at the end. */
const tolerant = (request: Request): string => {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '')
  return `/${segments.map((segment, index) => (index === 0 ? segment.toLowerCase() : segment)).join('/')}`
}

/** Fixed segments come before names, so that `issuers` is not taken for a certificate. */
function certificateRoutes(app: App): void {
  app.get('/certificates', listCertificates)
  app.get('/certificates/issuers', listIssuers)
  const issuer = '/certificates/issuers/:name'
  app.get(issuer, getIssuer).put(issuer, putIssuer).patch(issuer, patchIssuer).delete(issuer, deleteIssuer)
  const contacts = '/certificates/contacts'
  app.get(contacts, getContacts).put(contacts, putContacts).delete(contacts, deleteContacts)
  app.post('/certificates/restore', restoreCertificate)
  const certificate = '/certificates/:name'
  app.post(`${certificate}/create`, createCertificate)
  app.post(`${certificate}/import`, importCertificate)
  app.post(`${certificate}/backup`, backupCertificate)
  app.get(`${certificate}/versions`, listVersions)
  app.get(`${certificate}/policy`, getPolicy).patch(`${certificate}/policy`, patchPolicy)
  const pending = `${certificate}/pending`
  app.get(pending, getOperation).patch(pending, patchOperation).delete(pending, deleteOperation)
  app.post(`${pending}/merge`, mergeCertificate)
  app.delete(certificate, deleteCertificate)
  app.get(`${certificate}/:version?`, getCertificate).patch(`${certificate}/:version?`, patchCertificate)
}

function deletedCertificateRoutes(app: App): void {
  const deleted = '/deletedcertificates/:name'
  app.get('/deletedcertificates', listDeletedCertificates)
  app.get(deleted, getDeletedCertificate).delete(deleted, purgeCertificate)
  app.post(`${deleted}/recover`, recoverCertificate)
}

function secretRoutes(app: App): void {
  const secret = '/secrets/:name'
  app.get('/secrets', listSecrets)
  app.post('/secrets/restore', restoreSecret)
  app.post(`${secret}/backup`, backupSecret)
  app.get(`${secret}/versions`, listSecretVersions)
  app.put(secret, setSecret).delete(secret, deleteSecret)
  app.get(`${secret}/:version?`, getSecret).patch(`${secret}/:version?`, patchSecret)
  const deleted = '/deletedsecrets/:name'
  app.get('/deletedsecrets', listDeletedSecrets)
  app.get(deleted, getDeletedSecret).delete(deleted, purgeSecret)
  app.post(`${deleted}/recover`, recoverSecret)
}
