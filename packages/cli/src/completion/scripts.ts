/** Shells that completion is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/**
 * What a shell reads once to complete the words of `retinabench`: at each Tab it asks the program itself, and completes file names where that
 * has no answer.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of retinabench:  source <(retinabench completion bash)
_retinabench() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _retinabench retinabench
`,
  zsh: `#compdef retinabench
# zsh completion of retinabench:  source <(retinabench completion zsh)
_retinabench() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=(\${candidates:#})
  if (( \${#candidates} )); then compadd -a candidates; else _files; fi
}
compdef _retinabench retinabench
`,
  fish: `# fish completion of retinabench:  retinabench completion fish | source
function __retinabench_words
  set -l words (commandline -opc) (commandline -ct)
  $words[1] completion --words -- $words[2..-1] 2>/dev/null
end
complete -c retinabench -a '(__retinabench_words)'
`,
};
