import type { Where } from '../core/where.ts'
import { paragraph } from './terminal/line.ts'
import type { Style } from './terminal/style.ts'

/** `Sandbox · vault kv-contoso-mail · contoso.crm4.dynamics.com · tenant 1111…`, in one line. */
export function whereText({ sandbox, cloud, vault, tenants, environment }: Where): string {
  const azure = cloud === 'public' ? 'Azure' : `Azure ${cloud}`
  return [
    sandbox ? 'Sandbox, not Azure' : azure,
    `vault ${vault}`,
    ...(environment === undefined ? [] : [environment]),
    `${tenants.length === 1 ? 'tenant' : 'tenants'} ${tenants.join(', ')}`,
  ].join(' · ')
}

/** Without the tenants, if there is little room. */
export const placeText = ({ sandbox, vault, environment }: Where): string =>
  [...(sandbox ? ['Sandbox'] : []), vault, ...(environment === undefined ? [] : [environment])].join(' · ')

/** The same under a deployment's name; empty for files of earlier versions. */
export const whereLines = (where: Where | undefined, { columns, paint }: Style): readonly string[] =>
  where === undefined ? [] : paragraph(whereText(where), columns, 2).map(where.sandbox ? paint.yellow : paint.dim)
