import { isObject, listAt, textAt } from '../../resourceManager/json.ts'
import { badParameter, refuse } from '../errors.ts'
import { bodyOf, type RequestContext } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Contact } from '../state.ts'

const view = ({ var: { base } }: RequestContext, contacts: readonly Contact[]) => ({
  id: `${base}/certificates/contacts`,
  contacts,
})

const none = () => refuse(404, 'ContactsNotFound', 'Contacts not found')

export function getContacts(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'managecontacts')
  const { contacts } = asked.var.vault
  if (contacts.length === 0) throw none()
  return asked.json(view(asked, contacts))
}

export async function putContacts(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'managecontacts')
  const contacts = (listAt(body, 'contacts') ?? []).map((item): Contact => {
    const given = isObject(item) ? item : {}
    const [email, name, phone] = [textAt(given, 'email'), textAt(given, 'name'), textAt(given, 'phone')]
    if (!email?.includes('@')) throw badParameter("Every contact needs an 'email'.")
    return { email, ...(name !== undefined && { name }), ...(phone !== undefined && { phone }) }
  })
  if (contacts.length === 0) throw badParameter("The parameter 'contacts' is not specified.")
  asked.var.vault.contacts = contacts
  return asked.json(view(asked, contacts))
}

export function deleteContacts(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'managecontacts')
  const { contacts } = asked.var.vault
  if (contacts.length === 0) throw none()
  asked.var.vault.contacts = []
  return asked.json(view(asked, contacts))
}
