import { type Draft, pointer, type SemanticProblem } from './draft.ts'

const fields = ['clientId', 'clientSecret', 'certificateFile', 'certificatePassword'] as const

type Field = (typeof fields)[number]

interface Kind {
  readonly needs: readonly Field[]
  readonly takes: readonly Field[]
}

const kinds: Readonly<Record<string, Kind>> = {
  default: { needs: [], takes: ['clientId'] },
  environment: { needs: [], takes: [] },
  azureCli: { needs: [], takes: [] },
  azurePowerShell: { needs: [], takes: [] },
  managedIdentity: { needs: [], takes: ['clientId'] },
  workloadIdentity: { needs: [], takes: ['clientId'] },
  deviceCode: { needs: [], takes: ['clientId'] },
  clientSecret: { needs: ['clientId', 'clientSecret'], takes: [] },
  clientCertificate: { needs: ['clientId', 'certificateFile'], takes: ['certificatePassword'] },
}

const perTenant = (draft: Draft, check: (tenant: string) => SemanticProblem[]): SemanticProblem[] =>
  draft.keys('auth').flatMap(check)

export function credentialsAreComplete(draft: Draft): SemanticProblem[] {
  return perTenant(draft, (tenant) => {
    const kind = draft.text('auth', tenant, 'credential') ?? ''
    const missing = (kinds[kind]?.needs ?? []).filter((field) => !draft.says('auth', tenant, field))
    return missing.map((field) => ({
      pointer: pointer('auth', tenant, field),
      message: `The credential ${kind} needs ${field}.`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
      ...(field === 'clientSecret' && { hint: 'Name an environment variable that holds it: ${KV_TENANT_SECRET}.' }),
    }))
  })
}

export function credentialsHaveNoOtherFields(draft: Draft): SemanticProblem[] {
  return perTenant(draft, (tenant) => {
    const kind = draft.text('auth', tenant, 'credential') ?? ''
    const known = kinds[kind]
    const unexpected = known ? fields.filter((field) => !known.needs.includes(field) && !known.takes.includes(field)) : []
    return unexpected
      .filter((field) => draft.says('auth', tenant, field))
      .map((field) => ({
        pointer: pointer('auth', tenant, field),
        onKey: true,
        message: `The credential ${kind} does not use ${field}.`,
        hint: `Remove it, or write \`credential: ${homeOf(field)}\`.`,
      }))
  })
}

const homeOf = (field: Field): string => (field.startsWith('certificate') ? 'clientCertificate' : 'clientSecret')

export function tenantsStandOnce(draft: Draft): SemanticProblem[] {
  const tenants = draft.keys('auth').map((tenant) => tenant.toLowerCase())
  return perTenant(draft, (tenant) => {
    const first = draft.keys('auth')[tenants.indexOf(tenant.toLowerCase())]
    if (first === tenant) return []
    return [
      {
        pointer: pointer('auth', tenant),
        onKey: true,
        message: 'This tenant is already listed under auth.',
        hint: 'Keep one of the two.',
      },
    ]
  })
}

export function tenantsAreUsed(draft: Draft): SemanticProblem[] {
  const blocks = ['keyVault', 'hmaApp', 'dynamics']
  const unsure = blocks.some((block) => draft.says(block, 'tenantId') && draft.text(block, 'tenantId') === undefined)
  const used = blocks.map((block) => draft.text(block, 'tenantId')?.toLowerCase())
  if (unsure || used[0] === undefined) return []
  return perTenant(draft, (tenant) => {
    if (used.includes(tenant.toLowerCase())) return []
    const message = 'This deployment does not use this tenant.'
    return [
      {
        severity: 'warning',
        pointer: pointer('auth', tenant),
        onKey: true,
        message,
        hint: 'Compare it with the tenant ids below, or remove it.',
      },
    ]
  })
}
