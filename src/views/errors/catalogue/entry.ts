/** The explanation of one code, independent of the particular message. Markdown with backticks only. */
export interface Entry {
  readonly title: string
  readonly cause: string
  readonly remedy: string
}
