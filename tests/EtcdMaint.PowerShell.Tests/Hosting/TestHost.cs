using System.Globalization;
using System.Management.Automation.Host;
using System.Text.RegularExpressions;

namespace EtcdMaint.PowerShell.Tests;

/// <summary>A host that records its screen output.</summary>
internal sealed partial class TestHost(int width) : PSHost
{
    private readonly TestScreen _screen = new(width);

    public string Screen => Colour().Replace(_screen.Text, "");

    /// <summary>The number of confirmation prompts, and the answer to each: 0 yes, 2 no.</summary>
    public int Prompts => _screen.Prompts;

    public int Answer
    {
        set => _screen.Answer = value;
    }

    /// <summary>Whether a prompt fails, as in an unattended job.</summary>
    public bool IsNonInteractive
    {
        set => _screen.IsNonInteractive = value;
    }

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "EtcdMaint tests";

    public override PSHostUserInterface UI => _screen;

    public override Version Version => new(1, 0);

    public void Clear() => _screen.Clear();

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    public override void SetShouldExit(int exitCode) { }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();
}
