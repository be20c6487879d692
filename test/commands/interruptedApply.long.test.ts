import { expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { audit } from '../support/audit.ts'
import type { Ended } from '../support/program.ts'
import { programInWorkplace } from '../support/programInWorkplace.ts'

const { start, world } = programInWorkplace()

/** The final output of `apply`, on one line. */
const ending = ({ stdout }: Ended): string => stdout.slice(stdout.lastIndexOf('Plan: ')).replaceAll(/\s+/g, ' ')

const all = [
  ...['vault', 'keyVaultApp', 'clientSecret', 'vaultAccess', 'hmaApp', 'certificateRequest', 'certificateCredential'],
  ...['certificate', 'apiPermission', 'adminConsent', 'emailServerProfile'],
].map((name) => `contoso/${name}`)

/** The addresses that the ending names under a heading. */
const named = (text: string, heading: string): readonly string[] =>
  (new RegExp(`${heading}: ((?:contoso/\\w+(?:, )?)+)`).exec(text)?.[1] ?? '').split(', ').filter(Boolean)

test.each([
  ['SIGTERM', 'contoso/clientSecret +creating'],
  ['SIGINT', 'contoso/certificateCredential +creating'],
] as const)(
  'an apply that %s stops at %s says what is done and what is not; the next one arrives, with nothing left over',
  async (signal, at) => {
    const running = start('apply --sandbox --yes')
    await running.says(new RegExp(at))
    running.process.kill(signal)
    const ended = await running.ended
    expect([ended.code, ended.signal]).toEqual([130, null])
    expect(ended.stderr).toContain('Stopping: a write under way gets 10 seconds.')

    const text = ending(ended)
    const parts = ['Done', 'Started, not finished', 'Not started'].map((heading) => named(text, heading))
    expect(parts.flat().sort()).toEqual([...all].sort())
    for (const address of parts[0] ?? []) expect(ended.stderr).toMatch(new RegExp(`^${address} +done, \\d+ s$`, 'm'))
    for (const address of parts[2] ?? []) expect(ended.stderr).not.toMatch(new RegExp(`^${address} +creating`, 'm'))
    expect(text).toMatch(
      /Interrupted: \d+ skipped(, \d+ done)?\. Run `hma apply --sandbox` again\. It continues where it stopped\. $/,
    )

    expect(await start('apply --sandbox --yes').ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining('failed') })
    // An undelivered secret may belong to another run until that must be dead.
    await start('sandbox advance 2h').ended
    expect((await start('apply --sandbox --yes').ended).code).toBe(0)
    const nothing = {
      wasInUse: new Set<string>(),
      foreignCredentials: new Set<string>(),
      hidden: { certificates: false, secrets: false },
    }
    const now = await world()
    const before: World = { ...now, directory: { ...now.directory, tenants: {} } }
    expect(audit(now, { variant: {}, before, now: new Date(), ...nothing })).toEqual([])
    expect((await start('apply --sandbox --yes').ended).stdout).toContain('No changes')
  },
)
