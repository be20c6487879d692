import type { Finding } from './exchange.ts'
import type { Service } from './services.ts'

/** Something that differs from the description and is right nevertheless. A field left out matches anything. */
export interface Exception {
  readonly service?: Service
  readonly operation?: RegExp
  readonly of: Finding['of']
  readonly pointer: RegExp
  readonly expected?: RegExp
  readonly found?: RegExp
  readonly status?: RegExp
  /** Test files. */
  readonly in?: RegExp
  readonly why: string
}

const recordings = 'recordings of the service in https://github.com/Azure/azure-sdk-assets/tree/main/js/sdk/keyvault'

export const exceptions: readonly Exception[] = [
  // Versions. The descriptions at hand are older than what Microsoft's SDKs send; what they say holds for both.
  {
    ...{ service: 'Key Vault', of: 'request', pointer: /^\?api-version$/, found: /^2025-07-01$/ },
    why: 'the SDKs ask for 2025-07-01, which adds to the 7.5 that is described (@azure/keyvault-certificates 4.10)',
  },
  {
    ...{ service: 'Resource Manager', of: 'request', pointer: /^\?api-version$/, found: /^2026-02-01$/ },
    why: 'every version before 2026-02-01 retires (https://learn.microsoft.com/azure/key-vault/general/access-control-default)',
  },

  {
    ...{ service: 'Resource Manager', of: 'request', operation: /^GET \/subscriptions\/{subscriptionId}\/resources$/ },
    pointer: /^\?(\$filter|api-version)$/,
    why: 'a list of all that is in a subscription has a version and a filter of its own; only that of vaults is described (https://learn.microsoft.com/rest/api/resources/resources/list)',
  },
  {
    ...{ service: 'Resource Manager', of: 'answer', operation: /^GET \/subscriptions\/{subscriptionId}\/resources$/ },
    pointer: /^\/value\/\*\/(createdTime|changedTime|provisioningState)$/,
    why: 'times and state that `$expand` asks for (https://learn.microsoft.com/rest/api/resources/resources/list#uri-parameters)',
  },

  // Requests that a service told the client to send.
  {
    ...{ service: 'Key Vault', of: 'request', operation: /^GET \/(certificates|secrets)/, pointer: /^\?\$skiptoken$/ },
    why: `the rest of a list is where nextLink says: ${recordings}`,
  },

  // Answers in which the service says more than its description.
  {
    ...{ service: 'Key Vault', of: 'answer', pointer: /\/basic_constraints$/, expected: /to be described/ },
    why: `every policy comes with basic_constraints: ${recordings}`,
  },
  {
    ...{ service: 'Key Vault', of: 'answer', pointer: /^\/pending$/, expected: /to be described/ },
    why: `a certificate that was issued names its operation: ${recordings}`,
  },
  {
    ...{ service: 'Key Vault', operation: /^GET \/(deleted)?certificates/, of: 'answer', pointer: /^\/value\/\*\/subject$/ },
    why: `an entry of a list shows the subject: ${recordings}`,
  },
  {
    ...{ service: 'Key Vault', of: 'answer', pointer: /^\/nextLink$/, found: /^null$/ },
    why: 'the last page says null, as in Microsoft’s own example (https://learn.microsoft.com/rest/api/keyvault/certificates/get-certificates/get-certificates#examples)',
  },
  {
    ...{ service: 'Resource Manager', operation: /roleAssignments/, of: 'answer', found: /^null$/ },
    pointer: /\/properties\/(description|condition|conditionVersion|createdBy|delegatedManagedIdentityResourceId)$/,
    why: 'what a role assignment has not is null (https://learn.microsoft.com/azure/role-based-access-control/role-assignments-rest)',
  },
  {
    ...{ service: 'Resource Manager', operation: /accessPolicies/, pointer: /\/permissions\/\w+\/\*$/, found: /^[A-Z][a-z]+$/ },
    ...{ of: 'request', in: /^(test\/azure|packages\/sandbox\/test)\// },
    why: 'permissions are taken in any case, and kept as they were written (the portal writes Get)',
  },
  {
    ...{ service: 'Resource Manager', operation: /accessPolicies/, pointer: /\/permissions\/\w+\/\*$/, found: /^[A-Z][a-z]+$/ },
    ...{ of: 'answer', in: /^(test\/azure|packages\/sandbox\/test)\// },
    why: 'permissions are kept as they were written, in a test that writes them so',
  },
  {
    ...{ service: 'Resource Manager', operation: /roleDefinitions/, of: 'answer', found: /^null$/ },
    pointer: /\/properties\/(createdBy|updatedBy)$/,
    why: 'nobody made a built-in role (https://learn.microsoft.com/azure/role-based-access-control/role-definitions-list#rest-api)',
  },
  {
    ...{ service: 'Resource Manager', operation: /roleDefinitions/, of: 'answer' },
    pointer: /\/permissions\/\*\/condition(Version)?$/,
    why: 'the permission of a role that gives others has a condition (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-data-access-administrator)',
  },
  {
    ...{
      service: 'Graph',
      operation: /servicePrincipal|restore$|owners$|deletedItems|^GET \/directoryObjects/,
      of: 'answer',
      pointer: /\/createdDateTime$/,
    },
    why: 'a service principal is an open type, and always says when it was made (https://github.com/Azure/azure-cli, recordings of `az ad sp`)',
  },
  {
    ...{ service: 'Graph', operation: /^GET /, of: 'answer', pointer: /^(\/value\/\*)?\/(owners|appRoleAssignments)$/ },
    why: '$expand brings navigation properties, which the schemas at hand leave out (https://learn.microsoft.com/graph/query-parameters#expand)',
  },
  {
    ...{ service: 'Graph', operation: /\/\$count$/, of: 'answer', pointer: /^(status|)$/ },
    why: 'a count is plain text, and can be refused (https://learn.microsoft.com/graph/aad-advanced-queries)',
  },

  {
    ...{
      service: 'Dataverse',
      of: 'answer',
      pointer: /^\/error\/code$/,
      found: /^SandboxStrict$/,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'what strict mode refuses, in words of the sandbox, when everything that it does not honour is tried (docs/guides/sandbox.md)',
  },
  {
    ...{ service: 'Dataverse', of: 'answer', pointer: /^\/?(Message)?$/, status: /^404$/, found: /No HTTP resource was found/ },
    why: 'a host without an organization has no Web API to answer in its words',
  },

  {
    ...{ service: 'Graph', operation: /^GET \/directory\/deletedItems\/{id}$/, of: 'answer', pointer: /^\/value$/ },
    ...{ in: /^packages\/sandbox\/test\// },
    why: 'graph is an alias of microsoft.graph: deletedItems/graph.application is a list (https://learn.microsoft.com/graph/api/directory-deleteditems-list)',
  },

  {
    ...{ service: 'Graph', operation: /^\w+ \/directory\/deletedItems\/{id}(\/restore)?$/, of: 'answer' },
    pointer:
      /^\/(businessPhones|displayName|givenName|jobTitle|mail|mobilePhone|officeLocation|preferredLanguage|surname|userPrincipalName)$/,
    in: /^packages\/sandbox\/test\/answers\/graph\.test\.ts$/,
    why: 'a deleted user, and no user is described at hand (https://learn.microsoft.com/graph/api/directory-deleteditems-get)',
  },
  {
    ...{
      service: 'Graph',
      operation: /^GET \/(applications|servicePrincipals|directoryObjects)\/{id}$/,
      of: 'answer',
      pointer: /^\/value$/,
    },
    ...{ in: /^packages\/sandbox\/test\/(answers\/delta|everyRoute\/everyRoute)\.test\.ts$/ },
    why: 'delta is a function and no id: it answers with a list (https://learn.microsoft.com/graph/api/application-delta)',
  },

  {
    ...{ service: 'Dataverse', operation: /emailserverprofiles/, pointer: /^\$select$/, of: 'request' },
    found: /^_powerplatformmanagedidentityid_value$/,
    why: 'a lookup that metadata of 2026 has and the older columns at hand lack; no page of Microsoft describes it yet, and hma only reads it',
  },
  {
    ...{
      service: 'Dataverse',
      operation: /emailserverprofiles/,
      pointer: /\/_powerplatformmanagedidentityid_value$/,
      of: 'answer',
    },
    expected: /to be described/,
    why: 'the same lookup, in the answer',
  },
  {
    ...{ service: 'Dataverse', of: 'answer', pointer: /\/[a-z]\w*\.[a-z]\w*$/, expected: /to be described/ },
    ...{ in: /^packages\/sandbox\/test\// },
    why: 'FetchXML: a column of a joined table has the alias of the join before its name (https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/join-tables)',
  },

  {
    ...{ service: 'Dataverse', of: 'request', pointer: /^path$/, operation: /\/Microsoft\.Dynamics\.CRM\.\w+Multiple$/ },
    ...{ in: /^packages\/sandbox\/test\// },
    why: 'actions for several rows, of which hma asks nothing (https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations)',
  },
  {
    ...{ service: 'Dataverse', of: 'answer', pointer: /^\/value\/\*\/\w+$/, expected: /to be described/ },
    ...{ in: /^packages\/sandbox\/test\/answers\/aggregates\.test\.ts$/ },
    why: 'results of an aggregation have the names that the query gives them (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data)',
  },
  {
    ...{ service: 'Dataverse', of: 'answer', pointer: /^\/value\/\*\/count$/, expected: /to be described/ },
    ...{ in: /^packages\/sandbox\/test\/clients\/npm\.test\.ts$/ },
    why: 'the same, of a foreign client (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data)',
  },

  // Gateways, which answer without knowing the service.
  {
    ...{
      of: 'answer',
      pointer: /^(|header content-type)$/,
      status: /^(408|429|5\d\d)$/,
      found: /^(nothing|text\/(html|plain)\b.*)$/,
    },
    why: 'a fault on purpose, as a gateway answers it: no body, or a page',
  },

  {
    ...{ of: 'answer', pointer: /^(|header content-type)$/, status: /^421$/, found: /^nothing$/ },
    why: 'a host that has no address (yet, or no more) cannot be asked at all; the sandbox, which serves every host, says 421',
  },
  {
    ...{ service: 'Key Vault', of: 'answer', pointer: /^(|header content-type)$/, status: /^401$/, found: /^nothing$/ },
    in: /^test\/azure\/signIn\.test\.ts$/,
    why: 'a fault on purpose: a token is refused, and nothing is said of why',
  },

  // Answers that tests invent to see how hma handles them.
  {
    ...{ of: 'answer', pointer: /^\/error\/(innererror|code)$|^\/error_description$|^(|header content-type)$/ },
    in: /^test\/security\/(answers|names|secrets)\.test\.ts$/,
    why: 'answers that no service gives, from a server of the test: hostile names, what was sent sent back, no body',
  },
  {
    ...{ of: 'request', pointer: /^(\?page|path)$/, in: /^test\/security\/answers\.test\.ts$/ },
    why: 'where a hostile server said that the next page is',
  },

  {
    ...{ service: 'Resource Manager', of: 'request', pointer: /^path$/ },
    found: /^GET .*\/providers\/Microsoft\.Authorization\/permissions$/,
    why: 'what the caller may do at a subscription or at a vault (https://learn.microsoft.com/rest/api/authorization/permissions)',
  },
  {
    ...{ service: 'Dataverse', of: 'request', operation: /^PATCH emailserverprofiles/, pointer: /^\/statecode$/ },
    why: 'an update sets the state of a row that exists (https://learn.microsoft.com/power-apps/developer/data-platform/org-service/perform-specialized-operations-using-update)',
  },
  {
    ...{ service: 'Dataverse', of: 'answer', pointer: /^\/value/, in: /^test\/security\/names\.test\.ts$/ },
    why: 'a row with a hostile name, longer than Dataverse lets one be',
  },
  {
    ...{ service: 'Dataverse', of: 'request', pointer: /^path$/, in: /^test\/security\/attack\.test\.ts$/ },
    why: 'an attack: an answer that names another address for the next page',
  },
  {
    ...{
      service: 'Key Vault',
      of: 'answer',
      pointer: /^header content-type$/,
      status: /^403$/,
      in: /^test\/proof\/breakages\.test\.ts$/,
    },
    why: 'a refusal that says nothing of why, as a device in front of the service answers',
  },
  {
    ...{ service: 'unknown', of: 'request', pointer: /^path$/, in: /^test\/gitops\/templates\.test\.ts$/ },
    why: 'the server from which a template downloads its package, which is no part of Azure',
  },

  // Requests that tests invent for their own servers.
  {
    ...{ service: 'unknown', of: 'request', pointer: /^path$/, in: /^test\/gitops\/action\.test\.ts$/ },
    why: 'the token endpoint of a GitHub runner, which is no part of Azure (https://docs.github.com/actions/concepts/security/openid-connect)',
  },
  {
    ...{ of: 'request', pointer: /^/, in: /^test\/azure\/transport\.test\.ts$/ },
    why: 'the transport is tested with requests and bodies that mean nothing',
  },
  {
    ...{
      of: 'request',
      pointer: /(Id|@odata\.bind)$/,
      expected: /pattern|uuid/,
      in: /^test\/azure\/(directory|dataverse)\.test\.ts$/,
    },
    why: 'ids of one letter, given to a server that the test built by hand',
  },
]

/** Requests without a description at hand. Anything else that is not described is a failure. */
export interface Undescribed {
  readonly service: Service
  readonly operation: RegExp
  /** Test files. */
  readonly in?: RegExp
  readonly why: string
}

export const undescribed: readonly Undescribed[] = [
  { service: 'Entra', operation: /./, why: 'sign-in is OAuth 2.0; packages/sandbox/test/entra.test.ts holds it to that' },
  { service: 'Exchange', operation: /./, why: 'EWS is SOAP; packages/sandbox/test/exchange.test.ts holds it to that' },
  { service: 'control', operation: /./, why: 'the sandbox’s own, which no cloud has' },
  {
    ...{
      service: 'Dataverse',
      operation:
        /^GET \/api\/data\/v9\.2\/(WhoAmI(\(\))?|RetrieveVersion\(.*\)|\$metadata|(Entity|Relationship|GlobalOptionSet)Definitions.*|.*\/Microsoft\.Dynamics\.CRM\.Retrieve\w+\(.*\))?$/,
    },
    why: 'functions and the model of the Web API; only the columns of tables are described',
  },
  {
    ...{ service: 'Dataverse', operation: /^POST \/api\/data\/v9\.2\/BulkDelete$/, in: /^packages\/sandbox\/test\// },
    why: 'a job that hma never begins (https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk)',
  },
  {
    ...{ service: 'Graph', operation: /^GET \/v1\.0\/applications\/…\/appManagementPolicies$/ },
    why: 'the policies that are assigned to an application (https://learn.microsoft.com/graph/api/resources/appmanagementpolicy)',
  },
  {
    ...{
      service: 'Dataverse',
      operation:
        /^\w+ \/api\/data\/v9\.2\/(systemusers|organizations|tracelogs|roles|privileges|asyncoperations|bulkdeleteoperations)(\(…\).*)?$/,
    },
    why: 'tables whose columns are not at hand',
  },
  {
    ...{ service: 'Resource Manager', operation: /^GET \/subscriptions\/.*\/operationResults\/…$/ },
    why: 'where a purge says to look (https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations)',
  },
  {
    ...{
      service: 'Resource Manager',
      operation: /^\w+ \/providers\/Microsoft\.(Management\/|Authorization\/(elevateAccess|roleAssignments(\/…)?)$)/i,
    },
    why: 'management groups and the root above them, of which hma asks nothing and no description is at hand (https://learn.microsoft.com/rest/api/managementgroups)',
  },
  {
    ...{ service: 'Resource Manager', operation: /^(GET|PUT) \/subscriptions(\/…(\/resourcegroups\/[\w-]+)?)?$/i },
    why: 'subscriptions and resource groups (https://learn.microsoft.com/rest/api/resources/resource-groups)',
  },
  {
    ...{
      service: 'Resource Manager',
      operation:
        /^\w+ \/(metadata\/endpoints|tenants|subscriptions\/…\/(locations|operationresults\/…|resourcegroups|providers(\/[\w.]+(\/(un)?register)?)?))$|^\w+ \/subscriptions\/…\/resourceGroups\/[\w-]+(\/resources)?$/i,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'subscriptions, resource groups and providers, of which hma asks nothing (https://learn.microsoft.com/rest/api/resources)',
  },
  {
    ...{
      service: 'Resource Manager',
      operation:
        /\/providers\/Microsoft\.(Resources\/tags|Authorization\/(locks|permissions|role(Eligibility|Assignment)Schedule\w+))(\/|$)|^GET \/providers\/Microsoft\.Authorization\/roleDefinitions$/i,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'tags, locks and schedules, of which hma asks nothing; built-in roles at the root (https://learn.microsoft.com/rest/api/authorization)',
  },
  {
    ...{
      service: 'Resource Manager',
      operation: /\/(checkMhsmNameAvailability|(deleted)?managedHSMs)$/i,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'managed HSMs, of which hma asks nothing (https://learn.microsoft.com/rest/api/keyvault/managedhsm/managed-hsms/check-mhsm-name-availability)',
  },
  {
    ...{ service: 'Resource Manager', operation: /^(PUT|DELETE) .*\/denyAssignments\/…$/i, in: /^packages\/sandbox\/test\// },
    why: 'deny assignments are made since 2024-07-01-preview, and the description at hand is older (https://github.com/Azure/azure-cli/pull/33109)',
  },
  {
    ...{ service: 'Resource Manager', operation: /^GET .*(\/\/|\/$)/, in: /^packages\/sandbox\/test\// },
    why: 'tests of case and of slashes too many, of which Resource Manager takes no notice',
  },
  {
    ...{ service: 'Key Vault', operation: /^\w+ \/(deleted)?keys(\/|$)/, in: /^packages\/sandbox\/test\// },
    why: 'keys, of which hma asks nothing and no description is at hand (https://learn.microsoft.com/rest/api/keyvault/keys)',
  },
  {
    ...{ service: 'Key Vault', operation: /^GET \/SECRETS\//, in: /^packages\/sandbox\/test\// },
    why: 'a test of case, of which Key Vault takes no notice either',
  },
  {
    ...{ service: 'Graph', operation: /^\w+ \/beta\//, in: /^packages\/sandbox\/test\// },
    why: 'the beta version, of which hma asks nothing (https://learn.microsoft.com/graph/use-the-api#version)',
  },
  {
    ...{
      service: 'Graph',
      operation:
        /^\w+ \/v1\.0\/(users|groups|domains|me|oauth2PermissionGrants|policies\/\w+|directoryObjects\/(getByIds|…\/\w+)|applicationTemplates|directoryRole(s|Templates)|roleManagement|\$metadata)/,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'neighbouring APIs, of which hma asks nothing (https://learn.microsoft.com/graph/api/overview)',
  },
  {
    ...{
      service: 'Graph',
      operation:
        /^\w+ \/v1\.0\/(applications|servicePrincipals)\/.*(federatedIdentityCredentials|owners\/(microsoft\.)?graph\.|addTokenSigningCertificate|claimsMappingPolicies|appManagementPolicies|logo|delta|oauth2PermissionGrants|[mM]emberOf|ownedObjects|[gG]roups$|MemberObjects$)/,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'parts of applications and service principals of which hma asks nothing (https://learn.microsoft.com/graph/api/resources/application)',
  },
  {
    ...{
      service: 'Graph',
      operation: /^GET \/v1\.0\/(…|myorganization)\/|^GET .*\/owners\/…\/\$ref$/,
      in: /^packages\/sandbox\/test\//,
    },
    why: 'requests of azuread up to 2.x: the tenant in the path, and a reference that is read (https://github.com/manicminer/hamilton)',
  },
  {
    ...{ service: 'Graph', operation: /^GET \/v1\.0\/applications\(…\)$/ },
    why: 'an id in brackets, as OData has it in general (https://learn.microsoft.com/graph/use-the-api)',
  },
  {
    ...{ service: 'Graph', operation: /^\w+ \/v1\.0\/applications\(uniqueName='…'\)\/(addPassword|owners)$/ },
    why: 'whatever there is of an application can be asked for by its unique name (https://learn.microsoft.com/graph/api/application-upsert)',
  },
]
