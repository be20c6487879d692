import { script as filled } from '../exchangeScript/template.ts'

/** The inputs of the script. */
export type ScriptValues = {
  readonly deployment: string
  /** In the syntax of RecipientRestrictionFilter (OPATH). */
  readonly filter: string
  /** Application (client) id of HMA-App. */
  readonly appId: string
}

/** The PowerShell script that limits HMA-App to the mailboxes of a filter. */
export const script = ({ deployment, filter, appId }: ScriptValues): string =>
  filled('mailboxScope', { deployment, values: { filter, appId, ...scopeNames(deployment) } })

/** The names of the two objects that the script creates. Exchange allows 64 characters. */
export const scopeNames = (deployment: string) => ({
  scopeName: `hma-${deployment}-mailboxes`,
  assignmentName: `hma-${deployment}-impersonation`,
})
