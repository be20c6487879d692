import { expect, test } from 'vitest'
import { askedOnce } from '../support/askedOnce.ts'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'

test('an apply without a question reads unchanging objects once', async () => {
  const here = await workplace(yaml({ copy: true }))
  try {
    const { code, stderr } = await here.hma('apply --sandbox --yes --quiet -v')
    expect([code, askedOnce(stderr)]).toEqual([0, { signIns: 5, organizations: 1, policies: 2, exchange: 1 }])
  } finally {
    await here.leave()
  }
})
