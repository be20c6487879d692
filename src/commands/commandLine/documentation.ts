import { homepage, version } from '../../version.ts'

/**
 * A text in which every page of the documentation has its address, for the package contains none of them. Before the first release, package.json
 * has a placeholder for the owner of the repository, and whoever reads this has a clone: then a path is right.
 */
export function withAddresses(text: string, page = homepage): string {
  const repository = page.replace(/#.*$/, '')
  return repository.includes('/OWNER/') ? text : text.replace(/\bdocs\/[\w./-]+\.md\b/g, `${repository}/blob/v${version}/$&`)
}
