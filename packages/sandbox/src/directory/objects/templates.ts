import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { requireOperation } from '../permissions.ts'
import { list, one } from '../query.ts'
import { notFound } from '../refusal.ts'
import { put } from '../replicas.ts'
import { applicationBody, servicePrincipalBody } from '../represent.ts'
import type { AppRole, Json } from '../state.ts'
import { missing } from '../values.ts'
import { newApplication, newServicePrincipal } from './make.ts'

/** An application in the gallery: https://learn.microsoft.com/graph/api/resources/applicationtemplate */
interface Template {
  readonly id: string
  readonly displayName: string
  /** Id of the role that its users get. */
  readonly userRole: string
}

/** The template for applications outside the gallery, and one in it, with which azuread_application_template is tested. */
const gallery: readonly Template[] = [
  { id: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621', displayName: 'Custom', userRole: '18d14569-c3bd-439b-9a66-3a2aee01d14f' },
  { id: '4601ed45-8ff3-4599-8377-b6649007e876', displayName: 'Marketo', userRole: 'dfd0e7dd-26fb-4b2c-98d2-e444486c1e37' },
]

const body = ({ id, displayName }: Template): Record<string, Json> => ({
  id,
  displayName,
  categories: [],
  description: null,
  homePageUrl: null,
  logoUrl: null,
  publisher: null,
  supportedProvisioningTypes: [],
  supportedSingleSignOnModes: ['password', 'saml', 'external'],
})

const context = 'applicationTemplates'
const properties: ReadonlySet<string> = new Set(gallery.slice(0, 1).flatMap((each) => Object.keys(body(each))))

function templateAsked(asked: RequestContext): Template {
  const id = asked.req.param('key')?.toLowerCase() ?? ''
  const found = gallery.find((each) => each.id === id)
  if (found === undefined) throw notFound(id)
  return found
}

/** `GET /applicationTemplates`; any signed-in identity may read it. */
export const listTemplates = (asked: RequestContext): Response => list(asked, { context, properties, items: gallery.map(body) })

/** `GET /applicationTemplates/{id}` */
export const getTemplate = (asked: RequestContext): Response =>
  one(asked, { context, properties, item: body(templateAsked(asked)) })

const role = (id: string, displayName: string): AppRole => ({
  id,
  value: null,
  displayName,
  description: displayName,
  allowedMemberTypes: ['User'],
  isEnabled: true,
})

/** `POST …/instantiate`: an application and its service principal at once. https://learn.microsoft.com/graph/api/applicationtemplate-instantiate */
export async function instantiate(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const template = templateAsked(asked)
  const { displayName } = await bodyOf(asked)
  if (typeof displayName !== 'string' || displayName === '') throw missing('displayName', 'Application')
  const { azure, tenant, callerId, root, version } = asked.var
  const common = { owners: [callerId], appRoles: [role(template.userRole, 'User')] }
  const application = {
    ...newApplication(displayName, azure.now()),
    ...common,
    more: { applicationTemplateId: template.id },
  }
  const blank = newServicePrincipal(tenant, application, azure.now())
  const tags = ['WindowsAzureActiveDirectoryCustomSingleSignOnApplication', 'WindowsAzureActiveDirectoryIntegratedApp']
  const principal = { ...blank, ...common, tags, more: { ...blank.more, applicationTemplateId: template.id } }
  put(azure, tenant, 'applications', application)
  put(azure, tenant, 'servicePrincipals', principal)
  const result = {
    '@odata.context': `${root}/$metadata#microsoft.graph.applicationServicePrincipal`,
    application: applicationBody(tenant, application, { keys: false, version }),
    servicePrincipal: servicePrincipalBody(principal, { keys: false, version }),
  }
  return answer(asked, result, 201)
}
