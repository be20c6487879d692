import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CronJob } from 'kubernetes-models/batch/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { ConfigMap, Namespace, ServiceAccount } from 'kubernetes-models/v1'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { fieldsOf, listOf } from '../support/graph.ts'
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

/** The manifest once for each of its fields, in which that one is of a sort that no field of Kubernetes is. */
function spoilt(manifest: Manifest): { path: string; manifest: Manifest }[] {
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
  test('is what the schemas of Kubernetes describe', () => {
    expect(complaint(manifest)).toBeUndefined()
  })

  test('has no field that they do not know', () => {
    const unnoticed = spoilt(manifest).filter((one) => complaint(one.manifest) === undefined)
    expect(unnoticed.map(({ path }) => path)).toEqual([])
  })
})

const jobs = base.filter(({ kind }) => kind === 'CronJob')
const job = (manifest: Manifest) => fieldsOf(fieldsOf(fieldsOf(manifest.spec).jobTemplate).spec)
const pod = (manifest: Manifest) => fieldsOf(fieldsOf(job(manifest).template).spec)
const containers = (manifest: Manifest) => [...listOf(pod(manifest).containers), ...listOf(pod(manifest).initContainers)]
const environmentOf = (container: Manifest): Record<string, string> =>
  Object.fromEntries(listOf(container.env).map(({ name, value }) => [String(name), String(value)]))

test.each(['example', 'git-sync'])('the overlay %s is whole, and what it makes is valid', (overlay) => {
  const rendered = spawnSync(
    'kubectl',
    ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', join(folder, 'overlays', overlay)],
    {
      encoding: 'utf8',
    },
  )
  if (rendered.error) return console.warn('kubectl is not here, so no overlay is rendered')
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
  test.each(jobs.map((one) => [nameOf(one), one] as const))(
    '%s runs alone, and with no right that it does not need',
    (_name, one) => {
      expect(fieldsOf(one.spec)).toMatchObject({ concurrencyPolicy: 'Forbid' })
      runsSafely(one)
    },
  )

  test('reads as one identity, writes as the other', () => {
    const used = jobs.map((one) => [String(listOf(pod(one).containers)[0]?.args).split(',')[0], pod(one).serviceAccountName])
    expect(Object.fromEntries(used)).toEqual({ plan: 'hma-plan', apply: 'hma-apply' })
  })

  test.each(jobs.map((one) => [nameOf(one), one] as const))('%s leaves out what another try does not change', (_name, one) => {
    const [, rule] = listOf(fieldsOf(job(one).podFailurePolicy).rules)
    const values = nameOf(one).includes('drift') ? [2, 3] : [3]
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

test.each(jobs.map((one) => [nameOf(one), one] as const))(
  '%s: each deployment falls to one of its indices, by the command line as it stands there',
  { timeout: 120_000 },
  async (_name, one) => {
    const [hma = {}] = listOf(pod(one).containers)
    const here = await workplace('')
    try {
      for (const file of globSync('*.yaml', { cwd: join(root, 'examples/gitops/deployments') }))
        await here.write(file, readFileSync(join(root, 'examples/gitops/deployments', file)))
      await here.hma('sandbox reset')
      const line = (index: number): string =>
        String(hma.args)
          .replaceAll(',', ' ')
          .replace('apply --yes', 'plan')
          .replace('/config', '*m.yaml *o.yaml'.split(' ').join(' --file '))
          .replaceAll(
            /\$\((\w+)\)/g,
            (_all, name: string) => ({ ...environmentOf(hma), JOB_COMPLETION_INDEX: `${index}` })[name] ?? '',
          )
      const indices = Array.from({ length: Number(job(one).completions) }, (_, index) => index)
      const said = []
      for (const index of indices) said.push(await here.hma(`${line(index)} --sandbox`))
      expect(said.flatMap(({ stdout }) => stdout.match(/^(contoso|fabrikam)$/gm) ?? []).sort()).toEqual(['contoso', 'fabrikam'])
    } finally {
      await here.leave()
    }
  },
)
