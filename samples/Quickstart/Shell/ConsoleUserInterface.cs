using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace EtcdMaint.Quickstart.Shell;

/// <summary>
/// Writes the output of the PowerShell engine. It writes progress as lines, which are also readable in a log.
/// </summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    private string? _lastProgress;

    public override PSHostRawUserInterface RawUI { get; } = new FixedWidthRawUserInterface();

    public override void Write(string value) => Console.Write(Plain(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Console.Write(Plain(value));

    public override void WriteLine(string value) => Console.WriteLine(Plain(value));

    public override void WriteErrorLine(string value) => Console.Error.WriteLine(value);

    public override void WriteWarningLine(string message) => Console.WriteLine($"WARNING: {message}");

    public override void WriteVerboseLine(string message) => Console.WriteLine($"VERBOSE: {message}");

    public override void WriteDebugLine(string message) => Console.WriteLine($"DEBUG: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        string line = $"  [{record.Activity}: {record.StatusDescription}]";
        if (record.RecordType is ProgressRecordType.Processing && line != _lastProgress)
            Console.WriteLine(line);
        _lastProgress = line;
    }

    public override string ReadLine() => throw NotInteractive();

    public override SecureString ReadLineAsSecureString() => throw NotInteractive();

    public override Dictionary<string, PSObject> Prompt(
        string caption,
        string message,
        Collection<FieldDescription> descriptions
    ) => throw NotInteractive();

    public override int PromptForChoice(
        string caption,
        string message,
        Collection<ChoiceDescription> choices,
        int defaultChoice
    ) => throw NotInteractive();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName
    ) => throw NotInteractive();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options
    ) => throw NotInteractive();

    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);

    private static NotSupportedException NotInteractive() => new("This host is not interactive.");
}
