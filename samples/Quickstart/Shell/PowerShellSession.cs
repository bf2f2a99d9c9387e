using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.Quickstart.Shell;

/// <summary>The PowerShell engine, hosted in this process, with output to the console.</summary>
internal sealed class PowerShellSession : IDisposable
{
    private readonly Runspace _runspace;
    private readonly CancellationToken _stop;

    public PowerShellSession(CancellationToken stop)
    {
        _stop = stop;
        _runspace = RunspaceFactory.CreateRunspace(new ConsoleHost(), InitialSessionState.CreateDefault2());
        _runspace.Open();
        Invoke("$ErrorActionPreference = 'Stop'");
    }

    /// <summary>Runs a command as a user at a prompt would: shows the command first, then its output.</summary>
    /// <param name="shown">The command to show at the prompt.</param>
    /// <param name="run">The command to run, if it is longer than the one to show.</param>
    public void Type(string shown, string? run = null)
    {
        Console.WriteLine();
        Console.WriteLine($"PS> {shown}");
        Invoke(run ?? shown);
    }

    public void Dispose() => _runspace.Dispose();

    private void Invoke(string script)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        using CancellationTokenRegistration _ = _stop.Register(shell.Stop);
        shell
            .AddScript(script)
            .AddCommand("Out-Default")
            .Commands.Commands[0]
            .MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Invoke();
    }
}
