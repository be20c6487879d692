/** What is to be known of one code, whatever the message says in the single case. Markdown, of which only backticks are used. */
export interface Entry {
  readonly title: string
  readonly cause: string
  readonly remedy: string
}
