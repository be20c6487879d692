import type { FromSchema } from 'json-schema-to-ts'
import type { deploymentSchema } from './schema.ts'

/** What the schema names, without extras of later versions. */
type Named<Value> = Value extends readonly (infer Element)[]
  ? readonly Named<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value as string extends Key ? never : Key]: Named<Value[Key]> }
    : Value

/** What `hma status` reports of one deployment. */
export type Status = Named<FromSchema<typeof deploymentSchema>>

export type Statuses = Readonly<Record<string, Status>>

/** What follows from what was read of a deployment. */
export type DeploymentStanding = Omit<Status, 'at' | 'where' | 'drift' | 'unread' | 'remarks' | 'proof'>

export type CertificateStatus = NonNullable<Status['certificate']>
export type TrustedStatus = Status['trusted'][number]
export type SecretStatus = Status['secrets'][number]
export type OtherStatus = NonNullable<Status['others']>[number]
export type MailboxStatus = Status['mailboxes'][number]
export type StatusProblem = Status['problems'][number]

/** Nothing could be read of a deployment. */
export const unseen = (message: string): Omit<Status, 'at' | 'proof'> => ({
  ok: false,
  expires: null,
  certificate: null,
  trusted: [],
  secrets: [],
  dynamics: null,
  mailboxes: [],
  problems: [{ kind: 'unreadable', what: 'deployment', message }],
  drift: null,
})
