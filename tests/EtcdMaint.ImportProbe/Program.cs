using System.Management.Automation;
using System.Management.Automation.Runspaces;

// A separate process that runs a script in a new PowerShell, to show which assemblies are loaded at which time.
// Usage: EtcdMaint.ImportProbe SCRIPT [RUNSPACES]
string script = args[0];
int runspaces = args.Length > 1 ? int.Parse(args[1]) : 1;
using var start = new Barrier(runspaces);
string[] outputs = await Task.WhenAll(
    Enumerable
        .Range(0, runspaces)
        .Select(_ =>
            Task.Factory.StartNew(
                RunOne,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
        )
);
Console.Write(string.Concat(outputs));
return 0;

string RunOne()
{
    using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
    runspace.Open();
    using var shell = PowerShell.Create(runspace);
    start.SignalAndWait();
    try
    {
        IEnumerable<string> rows = shell.AddScript(script).Invoke().Select(row => row?.ToString() ?? "");
        return string.Concat(
            rows.Concat(shell.Streams.Error.Select(error => "ERROR " + error.FullyQualifiedErrorId))
                .Select(line => line + "\n")
        );
    }
    catch (RuntimeException error)
    {
        return $"ERROR {error.ErrorRecord.FullyQualifiedErrorId} {error.Message}\n";
    }
}
