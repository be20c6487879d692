export interface Github {
  readonly folder: string
  readonly bin: string
  readonly file: string
  read(): State
  change(how: (state: State) => void): void
  calls(): { method: string; path: string; body?: { body: string } }[]
  remove(): void
}

export interface State {
  /** The author of comments. */
  me: string
  pulls: {
    number: number
    head: { sha: string }
    base: { ref: string; repo: { full_name: string } }
    merged_at: string | null
    merge_commit_sha: string
    commits: string[]
  }[]
  /** Workflow runs with their artifacts. */
  runs: object[]
  comments: { id: number; number: number; user: { login: string }; body: string }[]
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ActionRun {
  readonly inputs: Readonly<Record<string, string>>
  readonly directory: string
  readonly event?: object
  readonly sha?: string
  readonly github: Github
  readonly env?: Readonly<Record<string, string>>
}

export function runAction(run: ActionRun): Promise<Ended & { readonly summary: string; readonly outputs: Record<string, string> }>
export function makeGithub(folder: string): Github
export function evaluated(text: string, given: Readonly<Record<string, string>>): string
export function bash(script: string, where: { cwd: string; env: Readonly<Record<string, string>> }): Promise<Ended>
export function kept(state: State, pull: { head: { sha: string } }, artifact: string, about?: object): void
