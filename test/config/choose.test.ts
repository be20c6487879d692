import { expect, test } from 'vitest'
import { chosen } from '../../src/config/choose.ts'
import { load } from '../../src/config/load.ts'
import { folder, valid } from './folder.ts'

const names = ['contoso', 'contoso-uk', 'fabrikam', 'northwind']

async function only(...wanted: string[]): Promise<readonly string[]> {
  const others = (name: string): string =>
    valid
      .replace('name: contoso\n', `name: ${name}\n`)
      .replace('kv-contoso-mail', `kv-${name}`)
      .replace('https://contoso.crm4', `https://${name}.crm4`)
  const loaded = await load({
    files: [],
    env: {},
    directory: await folder({ 'hma.config.yaml': names.map(others).join('---\n') }),
  })
  return (await chosen(loaded, { only: wanted })).deployments.map(({ configuration: { name } }) => name)
}

test.each<readonly [string, readonly string[]]>([
  ['contoso', ['contoso']],
  ['contoso*', ['contoso', 'contoso-uk']],
  ['*', names],
  ['?abrikam', ['fabrikam']],
  ['[fn]*', ['fabrikam', 'northwind']],
  ['[!c]*', ['fabrikam', 'northwind']],
  ['[^c]*', ['fabrikam', 'northwind']],
  ['{contoso,northwind}', ['contoso', 'northwind']],
  ['contoso{,-uk}', ['contoso', 'contoso-uk']],
  ['!contoso*', ['fabrikam', 'northwind']],
])('--only %s is read as a shell reads a glob', async (glob, found) => expect(await only(glob)).toEqual(found))

test.each(['[x]*', '{a,b}', 'Contoso', 'conto', '', '(', '[', '**/'])(
  '--only %s, which matches no deployment, is an error',
  async (glob) => {
    await expect(only('contoso', glob)).rejects.toMatchObject({ errorCode: 'HMA111' })
  },
)
