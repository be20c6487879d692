import { expect, it } from 'vitest'
import { loadText, valid } from './folder.ts'

it('a document with an error is not a deployment; its sound neighbour is', async () => {
  const other = valid
    .replace('name: contoso', 'name: fabrikam')
    .replace('kv-contoso-mail', 'kv-fabrikam')
    .replace('contoso.crm4', 'fabrikam.crm4')
  const { deployments, diagnostics } = await loadText(`${valid}nonsense: true\n---\n${other}`)
  expect(diagnostics.map(({ line }) => line)).toEqual([12])
  expect(deployments.map(({ configuration, line }) => [configuration.name, line])).toEqual([['fabrikam', 14]])
})

it('mistakes of every kind are reported at once, in line order', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
  const text = valid.replace('hma/v1', 'hma/v2').replace('rg-mail', '${GROUP}').replace('dynamics.com', 'dynamics.com/x')
  const { diagnostics } = await loadText(`${text}nonsense: true\nname: again`)
  expect(diagnostics.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:13', '6:18', '11:19', '12:1', '13:1'])
})
