using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.PowerShell.Tests.Pipeline;

/// <summary>
/// Whether a cmdlet can know that its output does not go to the terminal. A function with the same invocation takes the
/// place of the cmdlet.
/// </summary>
public sealed class CapturedOutputTests : IDisposable
{
    private readonly Shell _shell = new();

    [Theory]
    [InlineData("Look")]
    [InlineData("1 | ForEach-Object { Look }")]
    [InlineData("Invoke-Look")]
    [InlineData("& $block")]
    [InlineData("& { . { Invoke-Look } }")]
    [InlineData("if ($true) { foreach ($i in 1) { try { Look } finally { } } }")]
    [InlineData("switch (1) { 1 { Look } }")]
    [InlineData("Look 2> $file")]
    [InlineData("$unused = 1 | Out-Null; Look; $unused = 2 | Out-Null")]
    public void Output_that_nothing_receives(string script) => Assert.False(IsCaptured(script));

    [Theory]
    [InlineData("$x = Look")]
    [InlineData("$x = if ($true) { Look }")]
    [InlineData("$x = @(Look)")]
    [InlineData("\"$(Look)\" | Out-Null")]
    [InlineData("$x = @{ A = Look }")]
    [InlineData("if (Look) { }")]
    [InlineData("foreach ($x in Look) { }")]
    [InlineData("Look > $file")]
    [InlineData("Look *> $file")]
    [InlineData("& { Look } | Out-Null")]
    [InlineData("& {\n    Look\n} |\n    Out-Null")]
    [InlineData("& { Look } > $file")]
    [InlineData("1 | ForEach-Object { Look } | Out-Null")]
    [InlineData("1 | ForEach-Object { Look } > $file")]
    [InlineData("Invoke-Look | Out-Null")]
    [InlineData("Invoke-Look > $file")]
    [InlineData("$x = Invoke-Look")]
    [InlineData("& $block | Out-Null")]
    [InlineData("& { 1 | ForEach-Object { Invoke-Look } } | Out-Null")]
    public void Output_that_something_receives(string script) => Assert.True(IsCaptured(script));

    public void Dispose() => _shell.Dispose();

    private bool IsCaptured(string script)
    {
        string file = Path.GetTempFileName();
        List<bool> seen = [];
        Outcome outcome = _shell.Run(
            "function Look { [CmdletBinding()] param() end { $seen.Add($isOf.Invoke($PSCmdlet)); 1 } }\n"
                + "function Invoke-Look { Look }\n"
                // The hosted engine has no Out-File, which a redirection runs.
                + "function Out-File { [CmdletBinding()] param($FilePath, $Encoding, [switch] $Append, "
                + "[switch] $NoClobber, [Parameter(ValueFromPipeline)] $InputObject) }\n"
                + $"$block = {{ Look }}\n{script}",
            ("seen", seen),
            ("isOf", IsOf()),
            ("file", file)
        );
        File.Delete(file);
        Assert.Empty(outcome.ErrorText);
        return Assert.Single(seen);
    }

    private static Func<PSCmdlet, bool> IsOf() =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Single(assembly => assembly.GetName().Name == "EtcdMaint.PowerShell")
            .GetType("EtcdMaint.Cmdlets.CapturedOutput", throwOnError: true)!
            .GetMethod("IsOf", BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<PSCmdlet, bool>>();
}
