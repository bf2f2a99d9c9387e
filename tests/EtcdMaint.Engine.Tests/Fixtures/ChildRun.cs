using System.Diagnostics;
using System.Text.Json;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>A run in a separate process: this test assembly, started to run a single test.</summary>
internal sealed class ChildRun : IAsyncDisposable
{
    public const string EndpointsVariable = "ETCDMAINT_CHILD_ENDPOINTS";

    public const string ReportVariable = "ETCDMAINT_CHILD_REPORT";

    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly string _report = Path.GetTempFileName();

    private ChildRun(FaultScenario scenario)
    {
        string assembly = typeof(ChildRun).Assembly.Location;
        string method = $"{typeof(AsChild).FullName}.{nameof(AsChild.Defragment)}";
        var start = new ProcessStartInfo("dotnet", [assembly, "-method", method, "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                [EndpointsVariable] = string.Join(',', scenario.Etcd.ClientUrls),
                [ReportVariable] = _report,
            },
        };
        _process = Process.Start(start)!;
        _said = _process.StandardOutput.ReadToEndAsync();
    }

    public static ChildRun Start(FaultScenario scenario) => new(scenario);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    /// <summary>Waits for the end of the process.</summary>
    public async Task<ChildReport> ReportAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        string json = await File.ReadAllTextAsync(_report, cancellation);
        Assert.True(json.Length > 0, await _said);
        return JsonSerializer.Deserialize<ChildReport>(json)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync(CancellationToken.None);
        _process.Dispose();
        File.Delete(_report);
    }
}

/// <summary>The results of a run in another process: rows as text, and error IDs.</summary>
internal sealed record ChildReport(IReadOnlyList<string> Rows, IReadOnlyList<string> Errors);
