using System.Globalization;
using System.Management.Automation.Host;

namespace EtcdMaint.Quickstart.Shell;

/// <summary>
/// The host for the output of the PowerShell engine. It has no prompt, because the program types all commands.
/// </summary>
internal sealed class ConsoleHost : PSHost
{
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "EtcdMaint quickstart";

    public override PSHostUserInterface UI { get; } = new ConsoleUserInterface();

    public override Version Version => new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    public override void SetShouldExit(int exitCode) => Environment.ExitCode = exitCode;
}
