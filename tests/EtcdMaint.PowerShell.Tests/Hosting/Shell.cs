using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.PowerShell.Tests;

using PowerShell = System.Management.Automation.PowerShell;

/// <summary>A separate PowerShell instance with the built module imported.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    public Shell(int width = 120, PSLanguageMode language = PSLanguageMode.FullLanguage)
    {
        Host = new TestHost(width);
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.LanguageMode = language;
        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        _runspace.Open();
        Outcome imported = Run($"Import-Module '{BuiltModule.Manifest}'");
        Assert.Empty(imported.ErrorText);
    }

    public TestHost Host { get; }

    /// <summary>Runs a script with the given variables.</summary>
    public Outcome Run(string script, params (string Name, object? Value)[] variables)
    {
        using PowerShell shell = Prepare(script, variables);
        return Collect(shell);
    }

    /// <summary>Runs a script that must end with a terminating error, and returns the error's ID.</summary>
    public string RunToError(string script, params (string Name, object? Value)[] variables)
    {
        Outcome outcome = Run($"try {{ {script}; 'not ended' }} catch {{ $_ }}", variables);
        return Assert.IsType<ErrorRecord>(Assert.Single(outcome.Output)).FullyQualifiedErrorId.Split(',')[0];
    }

    /// <summary>Starts a script, and stops it as Ctrl+C does once <paramref name="when"/> has completed.</summary>
    public async Task<Outcome> RunAndStopAsync(
        string script,
        Task when,
        params (string Name, object? Value)[] variables
    )
    {
        using PowerShell shell = Prepare(script, variables);
        Task<Outcome> running = Task.Run(() => Collect(shell));
        await when;
        _ = shell.BeginStop(null, null);
        return await running;
    }

    /// <summary>The screen output of objects, with the module's own views.</summary>
    public string Render(params object[] rows) => Run("$rows | Out-Default", ("rows", rows)).Screen;

    public void Dispose() => _runspace.Dispose();

    private PowerShell Prepare(string script, (string Name, object? Value)[] variables)
    {
        foreach ((string name, object? value) in variables)
            _runspace.SessionStateProxy.SetVariable(name, value);
        Host.Clear();
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    private Outcome Collect(PowerShell shell)
    {
        var output = new PSDataCollection<PSObject>();
        ErrorRecord? terminating = null;
        try
        {
            shell.Invoke<PSObject, PSObject>(null, output, new PSInvocationSettings());
        }
        catch (RuntimeException error)
        {
            terminating = error.ErrorRecord;
        }

        return new Outcome(
            [.. output.Select(row => row?.BaseObject!)],
            [.. shell.Streams.Error],
            terminating,
            [.. shell.Streams.Verbose.Select(record => record.Message)],
            [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Progress],
            Host.Screen
        );
    }
}
