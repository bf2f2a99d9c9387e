using System.Management.Automation;
using System.Management.Automation.Runspaces;

// A separate process that runs scripts in a new PowerShell, to show which assemblies are loaded at which time, and what
// environment variables do.
// Usage: EtcdMaint.ImportProbe SCRIPT [RUNSPACES]
// Without arguments, it runs each line of its input as a script in the same runspace, and prints a last line after each
// script.
if (args.Length == 0)
{
    using Runspace only = Open();
    while (Console.ReadLine() is { } line)
        Console.Write($"{RunOne(only, line)}END OF SCRIPT\n");
    return 0;
}
string script = args[0];
int runspaces = args.Length > 1 ? int.Parse(args[1]) : 1;
using var start = new Barrier(runspaces);
string[] outputs = await Task.WhenAll(
    Enumerable
        .Range(0, runspaces)
        .Select(_ =>
            Task.Factory.StartNew(
                () =>
                {
                    using Runspace runspace = Open();
                    start.SignalAndWait();
                    return RunOne(runspace, script);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
        )
);
Console.Write(string.Concat(outputs));
return 0;

static Runspace Open()
{
    Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
    runspace.Open();
    return runspace;
}

static string RunOne(Runspace runspace, string script)
{
    using var shell = PowerShell.Create(runspace);
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
