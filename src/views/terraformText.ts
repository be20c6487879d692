/** One object under the id by which a provider of Terraform imports it. */
export interface ImportBlock {
  readonly to: string
  readonly id: string
  readonly tenantId: string
  /** It must be prefixed with the environment's Power Platform id, which hma does not know. */
  readonly inEnvironment?: true
}

/** `import` blocks, for Terraform from 1.7 and OpenTofu from 1.8. `deployments` by name, with the name of their variable. */
export const terraformText = (deployments: Readonly<Record<string, readonly ImportBlock[]>>): string =>
  `${[...head, ...Object.entries(deployments).flatMap(([name, blocks]) => deployment(name, blocks))].join('\n')}\n`

const head = [
  '# Written by `hma output --terraform`. Stop the schedule of `hma apply` first: two tools that manage the same object undo each',
  "# other's changes. Then: terraform plan -generate-config-out=generated.tf (OpenTofu: tofu plan -generate-config-out=…).",
  '# A client secret cannot be imported: azuread_application_password makes a new one.',
]

function deployment(name: string, blocks: readonly ImportBlock[]): readonly string[] {
  const variable = variableOf(blocks)
  const environment = variable === undefined ? [] : ['', ...environmentId(variable, name)]
  const tenants = [...new Set(blocks.map(({ tenantId }) => tenantId))]
  return [
    ...['', `# ${name}`, ...environment],
    ...tenants.flatMap((tenant) => [
      ...['', `# Tenant ${tenant}: these resources need a provider that is signed in there.`],
      ...blocks.filter(({ tenantId }) => tenantId === tenant).flatMap((one) => importBlock(one, variable)),
    ]),
  ]
}

/** `powerplatform_data_record.contoso_emailserverprofile` belongs to the environment of contoso. */
function variableOf(blocks: readonly ImportBlock[]): string | undefined {
  const row = blocks.find(({ inEnvironment }) => inEnvironment)
  return row && `${row.to.replace(/^\w+\./, '').replace(/_[a-z]+$/, '')}_environment_id`
}

const environmentId = (variable: string, name: string): readonly string[] => [
  `variable "${variable}" {`,
  '  type        = string',
  `  description = "Environment ID of ${name}, as the Power Platform admin center shows it"`,
  '}',
]

const importBlock = ({ to, id, inEnvironment }: ImportBlock, variable: string | undefined): readonly string[] => [
  'import {',
  `  to = ${to}`,
  `  id = "${inEnvironment ? `\${var.${variable}}/` : ''}${escaped(id)}"`,
  '}',
]

/** https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences */
const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&').replace(/[$%](?=\{)/g, '$&$&')
