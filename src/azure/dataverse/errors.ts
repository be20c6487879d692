import { missingPrivilege } from '../errors/missingRight.ts'
import type { ErrorRow } from '../errors/row.ts'

const disabledUser =
  'The user of the signed-in identity is disabled in this environment. Enable it in the Power Platform admin center under Environments, Settings, Users + permissions.'
const throttled =
  'Dataverse is throttling this user: its limits count over five minutes. Run again later, or with a lower --concurrency.'

/**
 * What Dataverse refuses. Sources: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors,
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes,
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits.
 */
export const dataverseErrors: readonly ErrorRow[] = [
  {
    ...{ code: '0x80072560', missingRight: true, entry: 'HMA304' },
    next: 'The signed-in identity is not a user of this environment. Add it in the Power Platform admin center under Environments, Settings, Application users, with the role System Administrator.',
  },
  { code: '0x80040220', missingRight: true, entry: 'HMA304', next: missingPrivilege },
  { code: '0x80040225', entry: 'HMA405', next: disabledUser },
  {
    ...{ code: '0x80095ffc', missingRight: true, entry: 'HMA304' },
    next: 'This environment allows only listed applications. Have an administrator allow the application of the signed-in identity.',
  },
  {
    ...{ code: '0x8004a104', entry: 'HMA405' },
    next: 'The environment is disabled. Have an administrator enable it in the Power Platform admin center, and check that its licence has not expired.',
  },
  { status: 403, says: /\bprv[A-Z]\w+/, missingRight: true, entry: 'HMA304', next: missingPrivilege },
  {
    ...{ status: 403, says: /^$/, entry: 'HMA405' },
    next: 'Dataverse refuses without a reason, as an environment in administration mode does. Turn administration mode off in the Power Platform admin center, or wait until it ends.',
  },
  {
    ...{ code: '0x80072322', passes: 'transient', entry: 'HMA504' },
    next: throttled,
  },
  { code: '0x80072321', passes: 'transient', entry: 'HMA504', next: throttled },
  { code: '0x80072326', passes: 'transient', entry: 'HMA504', next: throttled },
  {
    ...{ code: '0x80040217', passes: 'lag', entry: 'HMA508' },
    next: 'The row does not exist. Run it again: hma reads it again.',
  },
  {
    ...{ code: '0x80040265', entry: 'HMA405' },
    next: 'A plug-in in this environment refuses the change. Ask its administrator.',
  },
  { code: '0x80060882', entry: 'HMA404', next: 'Someone else changed the row at the same time. Run it again.' },
  { code: '0x80040237', entry: 'HMA404', next: 'A row with this key already exists. Run it again.' },
  { status: 412, entry: 'HMA404', next: 'Someone else changed the row at the same time, or it already exists. Run it again.' },
]
