using System.Management.Automation;

namespace EtcdMaint.PowerShell.Tests.Completion;

/// <summary>Simulates the Tab key at the end of a line.</summary>
internal static class Completer
{
    public static IEnumerable<string> Complete(
        this Shell shell,
        string line,
        params (string Name, object Value)[] variables
    )
    {
        Outcome outcome = shell.Run(
            "[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, "
                + "$null).CompletionMatches"
                + " | Where-Object ResultType -eq ParameterValue",
            [("line", line), .. variables]
        );
        Assert.Empty(outcome.ErrorText);
        return outcome.Output.Cast<CompletionResult>().Select(match => match.CompletionText);
    }
}
