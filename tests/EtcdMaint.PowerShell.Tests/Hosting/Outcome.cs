using System.Management.Automation;

namespace EtcdMaint.PowerShell.Tests;

/// <summary>The complete output of a script.</summary>
internal sealed record Outcome(
    IReadOnlyList<object> Output,
    IReadOnlyList<ErrorRecord> Errors,
    ErrorRecord? Terminating,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<ProgressRecord> Progress,
    string Screen
)
{
    /// <summary>The IDs of all errors, with the terminating one last, without the names of the cmdlets.</summary>
    public IReadOnlyList<string> ErrorIds =>
        [
            .. Errors
                .Append(Terminating)
                .OfType<ErrorRecord>()
                .Select(error => error.FullyQualifiedErrorId.Split(',')[0]),
        ];

    public string ErrorText =>
        string.Join(
            "\n",
            Errors.Append(Terminating).OfType<ErrorRecord>().Select(error => $"{error.FullyQualifiedErrorId}: {error}")
        );
}
