using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.Package.Tests;

/// <summary>The real PowerShell engine in this process, with the built module imported.</summary>
public sealed class HostedModule : IDisposable
{
    private static readonly string[] NotInHelp = [.. PSCmdlet.CommonParameters];

    private readonly Runspace _runspace;

    public HostedModule()
    {
        // On Windows, PowerShell in a program other than pwsh loads no views without a signature, unless it is told to.
        Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", "Bypass");
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        Run($"Import-Module '{Repository.Manifest}'");
        Cmdlets = [.. Run("Get-Command -Module EtcdMaint").Select(c => (CmdletInfo)c.BaseObject)];
    }

    public IReadOnlyList<CmdletInfo> Cmdlets { get; }

    /// <summary>The parameters of a cmdlet that need help.</summary>
    public static IEnumerable<ParameterMetadata> Parameters(CmdletInfo cmdlet) =>
        cmdlet.Parameters.Values.Where(p => !NotInHelp.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal);

    public IReadOnlyList<PSObject> Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        IReadOnlyList<PSObject> output = [.. shell.AddScript(script).Invoke()];
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    public void Dispose() => _runspace.Dispose();
}
