using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>
/// Takes the place of pwsh: runs one script with PowerShell's own engine and writes its output to the console.
/// </summary>
internal static class HostedShell
{
    public const string Flag = "--run-script";

    public static int Run(string script)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(File.ReadAllText(script));
        try
        {
            foreach (PSObject? row in shell.Invoke())
                Console.Out.WriteLine(row);
            return 0;
        }
        catch (RuntimeException error)
        {
            Console.Error.WriteLine(error.ErrorRecord);
            return 1;
        }
    }
}
