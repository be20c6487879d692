import { describe, expect, test } from 'vitest'
import { openDeployment } from '../support/deployment.ts'
import { grantRights, type Right } from '../support/rights.ts'
import { needed, type Setting, variantOf } from '../support/rightsTable.ts'
import { textOf } from './leastPrivilege.ts'

/** What mailboxes take besides; docs/rights.md names them. */
const privileges = [
  'prvReadMailbox',
  'prvWriteMailbox',
  'prvAppendMailbox',
  'prvAppendToEmailServerProfile',
  'prvApproveRejectEmailAddress',
]

const setting: Setting = { vault: 'existing, RBAC', consent: 'grant', dynamics: true, copy: false, tenants: 2 }

/** What failed, or was left to a person, with these privileges. */
async function left(names: readonly string[]): Promise<readonly string[]> {
  const here = await openDeployment({ ...variantOf(setting), mailboxes: ['sales@contoso.com'] })
  const more = names.map((name): Right => ({ of: 'dataverse', name }))
  grantRights(here.sandbox.world, [...needed('apply', setting).map(({ right }) => right), ...more])
  try {
    const { events } = await here.apply()
    return events.flatMap((event) => {
      if (event.type === 'failed') return [textOf(event.error)]
      return event.type === 'skipped' ? [event.because] : []
    })
  } catch (error) {
    return [textOf(error)]
  } finally {
    await here.close()
  }
}

describe('mailboxes on the profile', { concurrent: true }, () => {
  test('these privileges are enough', async () => {
    expect(await left(privileges)).toEqual([])
  })

  test.each(privileges)('without %s, a mailbox is left unchanged and the privilege is named', async (privilege) => {
    expect((await left(privileges.filter((one) => one !== privilege))).join()).toContain(privilege)
  })
})
