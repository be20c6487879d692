/**
 * Scripts that call `hma complete` at each press of Tab, so they never become outdated. `--next` says that a new word begins: an empty
 * word does not reach a program from every shell. If hma has nothing to offer, the shell offers files.
 */
export const scripts = {
  bash: `# hma completion bash > ~/.local/share/bash-completion/completions/hma
_hma() {
  local line words=("\${COMP_WORDS[@]:1:COMP_CWORD}") next=()
  [ -n "\${COMP_WORDS[COMP_CWORD]}" ] || { next=(--next); words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}"); }
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("\${line%%$'\\t'*}"); done < <(hma complete "\${next[@]}" -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _hma hma
`,
  zsh: `#compdef hma
# hma completion zsh > ~/.zsh/completions/_hma, a folder in fpath
_hma() {
  local line next=() found=() about
  local -a asked=("\${(@)words[2,CURRENT]}")
  [[ -n "\${words[CURRENT]}" ]] || { next=(--next); asked=("\${(@)words[2,CURRENT-1]}"); }
  while IFS= read -r line; do
    about="\${line#*$'\\t'}"
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:$about")
  done < <(hma complete "\${next[@]}" -- "\${asked[@]}" 2>/dev/null)
  if (( \${#found} )); then _describe hma found; else _files; fi
}
if [ "\${funcstack[1]}" = _hma ]; then _hma "$@"; else compdef _hma hma; fi
`,
  fish: `# hma completion fish > ~/.config/fish/completions/hma.fish
function __hma_complete
    set -l words (commandline -opc)[2..-1]
    set -l current (commandline -ct)
    set -l found
    if test -n "$current"
        set found (hma complete -- $words $current 2>/dev/null)
    else
        set found (hma complete --next -- $words 2>/dev/null)
    end
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path $current
    end
end
complete -c hma -f -a '(__hma_complete)'
`,
  pwsh: `# hma completion pwsh >> $PROFILE
Register-ArgumentCompleter -Native -CommandName hma -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $lines = hma complete --next -- @words 2>$null } else { $lines = hma complete -- @words 2>$null }
  $lines | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}
`,
} as const

export type Shell = keyof typeof scripts
