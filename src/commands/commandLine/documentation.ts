import { homepage, version } from '../../version.ts'

/**
 * The text with full addresses of documentation pages, which the package does not contain. Before the first release, package.json
 * has a placeholder for the repository's owner and readers have a clone, so a path is right.
 */
export function withAddresses(text: string, page = homepage): string {
  const repository = page.replace(/#.*$/, '')
  return repository.includes('/OWNER/') ? text : text.replace(/\bdocs\/[\w./-]+\.md\b/g, `${repository}/blob/v${version}/$&`)
}
