using System.CommandLine;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit completion SHELL</c>: a script that completes commands and options.</summary>
internal static class CompletionCommand
{
    private const string Description = """
        Prints a script that completes flowkit's commands and options in a shell.

        Examples:
          flowkit completion bash > ~/.local/share/bash-completion/completions/flowkit
          flowkit completion zsh > ~/.zfunc/_flowkit
          flowkit completion pwsh | Out-String | Invoke-Expression
        """;

    private const string Bash = """
        _flowkit() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _flowkit flowkit ./flowkit
        """;

    private const string Zsh = """
        #compdef flowkit
        _flowkit() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
          compadd -a found || _files
        }
        compdef _flowkit flowkit ./flowkit
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName flowkit -ScriptBlock {
          param($word, $line, $cursor)
          & $line.CommandElements[0].Extent.Text "[suggest:$cursor]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", Description) { shell };
        command.SetAction(async (result, cancellationToken) =>
        {
            var script = result.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => PowerShell,
            };
            await Console.Out.WriteLineAsync(script.AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }
}
