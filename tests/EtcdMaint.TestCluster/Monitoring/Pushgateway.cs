using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>A real Pushgateway on the loopback address, until it is disposed.</summary>
public sealed class Pushgateway : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ThrowAwayFolder _folder;
    private readonly Process _process;

    private Pushgateway(ThrowAwayFolder folder, Process process, Uri address)
    {
        _folder = folder;
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <exception cref="InvalidOperationException">The program is not available on this system.</exception>
    public static async Task<Pushgateway> StartAsync(CancellationToken cancellation)
    {
        var program = await PrometheusPrograms.PushgatewayAsync();
        var folder = ThrowAwayFolder.Create("pushgateway");
        var address = new Uri($"http://127.0.0.1:{LoopbackPorts.Take()}");
        var process = Process.Start(
            new ProcessStartInfo(program, ["--log.level=error", $"--web.listen-address={address.Authority}"])
            {
                WorkingDirectory = folder.FullPath,
            }
        )!;
        folder.Remember(ProcessMark.Of(process.Id));
        var gateway = new Pushgateway(folder, process, address);
        try
        {
            await Poll.UntilAsync(gateway.IsReadyAsync, Deadline, "the Pushgateway became ready", cancellation);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>All metrics that it has, as Prometheus would read them.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(Address, "/metrics"), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        await _folder.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri(Address, "/-/ready"), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
