import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CronJob } from 'kubernetes-models/batch/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { ConfigMap, Namespace, ServiceAccount } from 'kubernetes-models/v1'
import { globSync } from 'tinyglobby'
import { describe, expect, test, vi } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { fieldsOf, listOf } from '../../packages/sandbox/test/support/graph.ts'
import { workplace } from '../support/hma.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'deploy/kubernetes')

type Manifest = Record<string, unknown>

const documents = (text: string): Manifest[] => parseAllDocuments(text).map((one) => fieldsOf(one.toJS()))

const base = globSync('base/*.yaml', { cwd: folder })
  .filter((file) => !file.endsWith('kustomization.yaml'))
  .flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')))

/** What Kubernetes' own schemas say of a manifest; nothing where they are content. */
function complaint(manifest: Manifest): string | undefined {
  const models: Readonly<Record<string, (text: string) => { validate(): void }>> = {
    CronJob: (text) => new CronJob(parse(text)),
    NetworkPolicy: (text) => new NetworkPolicy(parse(text)),
    ConfigMap: (text) => new ConfigMap(parse(text)),
    Namespace: (text) => new Namespace(parse(text)),
    ServiceAccount: (text) => new ServiceAccount(parse(text)),
  }
  try {
    models[String(manifest.kind)]?.(stringify(manifest, { aliasDuplicateObjects: false })).validate()
    return models[String(manifest.kind)] ? undefined : 'of an unknown kind'
  } catch (error) {
    return String(error)
  }
}

/** The manifest once per field, with that field set to a type that no Kubernetes field has. */
function withWrongTypes(manifest: Manifest): { path: string; manifest: Manifest }[] {
  const found: { path: string; manifest: Manifest }[] = []
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key]
      if (!Array.isArray(value)) found.push({ path: at.join('.'), manifest: replaced(manifest, at) })
      visit(inner, at)
    }
  }
  visit(manifest, [])
  return found
}

function replaced(manifest: Manifest, path: readonly (string | number)[]): Manifest {
  const [document] = parseAllDocuments(stringify(manifest, { aliasDuplicateObjects: false }))
  document?.setIn(path, document.createNode([[]]))
  return fieldsOf(document?.toJS())
}

const nameOf = (manifest: Manifest): string => `${manifest.kind} ${fieldsOf(manifest.metadata).name}`

describe.each(base.map((manifest) => [nameOf(manifest), manifest] as const))('%s', (_name, manifest) => {
  test('matches the Kubernetes schemas', () => {
    expect(complaint(manifest)).toBeUndefined()
  })

  test('has no unknown fields', () => {
    const unnoticed = withWrongTypes(manifest).filter((one) => complaint(one.manifest) === undefined)
    expect(unnoticed.map(({ path }) => path)).toEqual([])
  })
})

const jobs = base.filter(({ kind }) => kind === 'CronJob')
const named = jobs.map((one) => [nameOf(one), one] as const)
const job = (manifest: Manifest) => fieldsOf(fieldsOf(fieldsOf(manifest.spec).jobTemplate).spec)
const pod = (manifest: Manifest) => fieldsOf(fieldsOf(job(manifest).template).spec)
const containers = (manifest: Manifest) => [...listOf(pod(manifest).containers), ...listOf(pod(manifest).initContainers)]
const environmentOf = (container: Manifest): Record<string, string> =>
  Object.fromEntries(listOf(container.env).map(({ name, value }) => [String(name), String(value)]))

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0

test.skipIf(!kubectl).each(['example', 'git-sync'])('the overlay %s is whole, and what it makes is valid', (overlay) => {
  const rendered = spawnSync(
    'kubectl',
    ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', join(folder, 'overlays', overlay)],
    {
      encoding: 'utf8',
    },
  )
  expect(rendered.stderr).toBe('')
  const all = documents(rendered.stdout)
  expect(all.map(complaint)).toEqual(all.map(() => undefined))
  const made = all.filter(({ kind }) => kind === 'CronJob')
  expect(made).toHaveLength(2)
  made.forEach(runsSafely)
  const configMaps = all.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => fieldsOf(metadata).name)
  const mounted = made.flatMap((one) => listOf(pod(one).volumes).flatMap(({ configMap }) => fieldsOf(configMap).name ?? []))
  expect(configMaps).toEqual(expect.arrayContaining(mounted))
})

describe('each job', () => {
  test.each(named)('%s runs alone and with no right it does not need', (_name, one) => {
    expect(fieldsOf(one.spec)).toMatchObject({ concurrencyPolicy: 'Forbid' })
    runsSafely(one)
  })

  test('reads with one identity and writes with the other', () => {
    const used = jobs.map((one) => [String(listOf(pod(one).containers)[0]?.args).split(',')[0], pod(one).serviceAccountName])
    expect(Object.fromEntries(used)).toEqual({ plan: 'hma-plan', apply: 'hma-apply' })
  })

  test.each(named)('%s does not retry what a retry cannot change', (name, one) => {
    const [, rule] = listOf(fieldsOf(job(one).podFailurePolicy).rules)
    const values = name.includes('drift') ? [2, 3] : [3]
    expect(rule).toMatchObject({ action: 'FailIndex', onExitCodes: { containerName: 'hma', operator: 'In', values } })
  })
})

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/, and as many shards as there are indices. */
function runsSafely(one: Manifest): void {
  expect(pod(one)).toMatchObject({
    automountServiceAccountToken: false,
    restartPolicy: 'Never',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  })
  for (const container of containers(one))
    expect(container).toMatchObject({
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      resources: { limits: { memory: expect.any(String) } },
    })
  const [hma] = listOf(pod(one).containers)
  expect(job(one)).toMatchObject({ completionMode: 'Indexed', completions: Number(environmentOf(hma ?? {}).HMA_SHARDS) })
}

describe('each deployment belongs to one index, by the command line in the manifest', () => {
  const example = (name: string): string => readFileSync(join(root, 'examples/gitops/deployments', name), 'utf8')

  test.each(named)('%s', { timeout: 60_000 }, async (_name, one) => {
    for (const name of ['PROVIDER', 'CONTOSO', 'FABRIKAM'])
      vi.stubEnv(`HMA_${name}_CLIENT_ID`, 'aaaaaaaa-0000-4000-8000-000000000001')
    const here = await workplace(example('contoso.yaml'))
    await here.write('fabrikam.yaml', example('fabrikam.yaml'))
    const indices = Array.from({ length: Number(job(one).completions) }, (_, index) => index)
    const said = []
    for (const index of indices) said.push(await here.hma(`${commandLine(one, index)} --sandbox`))
    expect(said.flatMap(({ stdout }) => stdout.match(/^(contoso|fabrikam)$/gm) ?? []).sort()).toEqual(['contoso', 'fabrikam'])
    expect(said.map(({ code }) => code)).not.toContain(1)
    vi.unstubAllEnvs()
    await here.leave()
  })
})

/** As Kubernetes makes it for one index; with the folder of the test, and nothing written. */
function commandLine(one: Manifest, index: number): string {
  const [hma = {}] = listOf(pod(one).containers)
  const environment: Record<string, string> = { ...environmentOf(hma), JOB_COMPLETION_INDEX: String(index) }
  const args = Array.isArray(hma.args) ? hma.args.map(String) : []
  const line = args.map((arg) => arg.replaceAll(/\$\((\w+)\)/g, (_all, name: string) => environment[name] ?? '')).join(' ')
  return line.replace('/config', '.').replace('apply --yes', 'plan')
}

test('every image is named by digest', () => {
  const files = globSync('**/*', { cwd: folder })
  const pinned = /@sha256:[0-9a-f]{64}( AS \w+)?$/
  const images = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^(?:FROM|\s*-? ?image:) (.*)$/gm)].map(([, image = '']) => image),
  )
  // kustomize replaces `hma` by the image of the overlay, which has a digest.
  const own = images.filter((image) => image.startsWith('hma:'))
  expect(images.filter((image) => !own.includes(image) && !pinned.test(image))).toEqual([])
  expect([own.length, images.length - own.length]).toEqual([2, 3])
  const overlays = globSync('overlays/*/kustomization.yaml', { cwd: folder })
  const chosen = overlays.flatMap((file) => listOf(fieldsOf(parse(readFileSync(join(folder, file), 'utf8'))).images))
  expect(chosen.map(fieldsOf)).toEqual(
    overlays.map(() => expect.objectContaining({ name: 'hma', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })),
  )
})
