import type { Azure } from '../azure.ts'
import type { CloudNames } from '../clouds.ts'
import { nameOf } from '../front/hostName.ts'
import { cloudBy } from '../front/hosts.ts'
import { hostOf, queryOf, type RequestContext } from './requestContext.ts'

/** https://learn.microsoft.com/azure/developer/identity/authentication-national-cloud */
const cloudNames: Readonly<Record<string, string>> = {
  'management.azure.com': 'AzureCloud',
  'management.usgovcloudapi.net': 'AzureUSGovernment',
  'management.chinacloudapi.cn': 'AzureChinaCloud',
}

/** From this version on, the answer is a list of clouds with more detail. */
const listVersion = '2019-05-01'

/**
 * `GET /metadata/endpoints`, which needs no token: az and Terraform ask a custom cloud for it, in several versions.
 * https://management.azure.com/metadata/endpoints?api-version=2022-09-01
 */
export function cloudMetadata(azure: Azure, asked: RequestContext): Response {
  const cloud = cloudBy(azure.world.resources.hosts, hostOf(asked))
  const version = queryOf(asked).get('api-version') ?? ''
  if (version < listVersion) return asked.json(former(cloud))
  return asked.json([description(cloud)])
}

const audiencesOf = ({ management }: CloudNames): string[] =>
  management === 'management.azure.com'
    ? ['https://management.core.windows.net/', 'https://management.azure.com/']
    : [`https://${management}/`, `https://${management}`]

const former = (cloud: CloudNames) => ({
  galleryEndpoint: '',
  graphEndpoint: 'https://graph.windows.net/',
  portalEndpoint: 'https://portal.azure.com/',
  authentication: { loginEndpoint: `https://${cloud.login}/`, audiences: audiencesOf(cloud) },
})

const description = (cloud: CloudNames) => ({
  portal: 'https://portal.azure.com',
  authentication: {
    loginEndpoint: `https://${cloud.login}`,
    audiences: audiencesOf(cloud),
    tenant: 'common',
    identityProvider: 'AAD',
  },
  media: 'https://rest.media.azure.net',
  graphAudience: 'https://graph.windows.net/',
  graph: 'https://graph.windows.net/',
  name: cloudNames[nameOf(cloud.management)] ?? 'Sandbox',
  suffixes: {
    keyVaultDns: cloud.vaultSuffix,
    storage: 'core.windows.net',
    sqlServerHostname: 'database.windows.net',
    acrLoginServer: 'azurecr.io',
    mhsmDns: 'managedhsm.azure.net',
    azureFrontDoorEndpointSuffix: 'azurefd.net',
    storageSyncEndpointSuffix: 'afs.azure.net',
    attestationEndpoint: 'attest.azure.net',
    synapseAnalytics: 'dev.azuresynapse.net',
    mysqlServerEndpoint: 'mysql.database.azure.com',
    mariadbServerEndpoint: 'mariadb.database.azure.com',
    postgresqlServerEndpoint: 'postgres.database.azure.com',
    azureDataLakeStoreFileSystem: 'azuredatalakestore.net',
    azureDataLakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
  },
  batch: 'https://batch.core.windows.net/',
  resourceManager: `https://${cloud.management}/`,
  vmImageAliasDoc:
    'https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json',
  activeDirectoryDataLake: 'https://datalake.azure.net/',
  sqlManagement: 'https://management.core.windows.net:8443/',
  microsoftGraphResourceId: `https://${cloud.graph}/`,
  appInsightsResourceId: 'https://api.applicationinsights.io',
  appInsightsTelemetryChannelResourceId: 'https://dc.applicationinsights.azure.com/v2/track',
  attestationResourceId: 'https://attest.azure.net',
  synapseAnalyticsResourceId: 'https://dev.azuresynapse.net',
  logAnalyticsResourceId: 'https://api.loganalytics.io',
  ossrDbmsResourceId: 'https://ossrdbms-aad.database.windows.net',
})
