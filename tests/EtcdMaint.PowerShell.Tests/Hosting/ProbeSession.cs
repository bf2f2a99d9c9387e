using System.Diagnostics;

namespace EtcdMaint.PowerShell.Tests;

/// <summary>
/// A separate PowerShell process that runs one script after another, each with environment variables of its own. It
/// starts with the first script.
/// </summary>
public sealed class ProbeSession : IAsyncDisposable
{
    private const string EndOfScript = "END OF SCRIPT";

    private Process? _probe;

    /// <summary>The output lines of the script, and <c>ERROR id</c> for each error.</summary>
    internal async Task<string[]> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        _probe ??= Process.Start(Probe.StartInfo([]))!;
        string set = string.Concat(environment.Select(v => Set(v.Name, Quote(v.Value))));
        string reset = string.Concat(environment.Select(v => Set(v.Name, "$null")));
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await _probe.StandardInput.WriteLineAsync(
            $"{set}try {{ {script} }} finally {{ {reset} }}".AsMemory(),
            cancellation
        );
        var lines = new List<string>();
        while (await _probe.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line == EndOfScript)
                return [.. lines.Where(l => l.Length > 0)];
            lines.Add(line);
        }
        throw new InvalidOperationException($"The process ended: {string.Join('\n', lines)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_probe is null)
            return;
        _probe.Kill();
        await _probe.WaitForExitAsync();
        _probe.Dispose();
    }

    /// <summary>PowerShell's own <c>$env:</c> cannot set an empty value.</summary>
    private static string Set(string name, string value) =>
        $"[Environment]::SetEnvironmentVariable('{name}', {value}); ";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
