using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>A PowerShell process with the module imported, which runs scripts as a user at the prompt does.</summary>
internal sealed class ModuleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TcpClient _connection;
    private readonly StreamReader _answers;
    private readonly StreamWriter _orders;
    private readonly CancellationToken _stop;

    private ModuleProcess(Process process, TcpClient connection, CancellationToken stop)
    {
        _process = process;
        _connection = connection;
        _stop = stop;
        _answers = new StreamReader(connection.GetStream());
        _orders = new StreamWriter(connection.GetStream()) { AutoFlush = true };
    }

    /// <summary>The peak resident memory of the process so far.</summary>
    public long? PeakBytes => Tool.PeakBytes(_process.Id);

    /// <summary>The processor time of the process so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ModuleProcess> StartAsync(Shell shell, CancellationToken stop)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        ProcessStartInfo start = shell.Start(
            "obey.ps1",
            new Dictionary<string, string> { ["BENCHMARK_PORT"] = $"{port}" }
        );
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        Process process = Process.Start(start)!;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(TimeSpan.FromSeconds(60));
            var module = new ModuleProcess(process, await listener.AcceptTcpClientAsync(patience.Token), stop);
            await module.RunAsync(ModuleFiles.ImportScript);
            return module;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a script; the next script can use the variables that it sets.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public async Task<ScriptRun> RunAsync(string script)
    {
        await _orders.WriteLineAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(script)).AsMemory(), _stop);
        string[] answer = (
            await _answers.ReadLineAsync(_stop)
            ?? throw new InvalidOperationException("The PowerShell process has ended.")
        ).Split(' ');
        string said = Encoding.UTF8.GetString(Convert.FromBase64String(answer[2]));
        return answer[0] == "done"
            ? new ScriptRun(
                TimeSpan.FromTicks(long.Parse(answer[1], CultureInfo.InvariantCulture)),
                said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            )
            : throw new InvalidOperationException($"'{script}' failed: {said}");
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }
}

/// <summary>The duration of a script by its own clock, and its number of rows.</summary>
internal sealed record ScriptRun(TimeSpan Elapsed, IReadOnlyList<string> Rows);
