using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>One run of an etcd server, which writes its output to a file and ends with the cluster's folder.</summary>
internal sealed class MemberProcess : IDisposable
{
    private readonly Process _process;
    private readonly ThrowAwayFolder _folder;

    private MemberProcess(Process process, ThrowAwayFolder folder)
    {
        _process = process;
        _folder = folder;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static MemberProcess Start(
        ThrowAwayFolder folder,
        string etcd,
        IEnumerable<string> arguments,
        string logFile
    )
    {
        // A file instead of a pipe: the log is complete however the member ends, panics included, and a kept member
        // outlives this process.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" < /dev/null >> \"$log\" 2>&1", "sh", logFile, etcd, .. arguments]
        )
        {
            WorkingDirectory = folder.FullPath,
        };
        EtcdEnvironment.Clear(start.Environment);
        start.Environment["TZ"] = "UTC"; // the time zone of the times in the log

        var process = Process.Start(start)!;
        folder.Remember(ProcessMark.Of(process.Id));
        return new MemberProcess(process, folder);
    }

    public async Task WaitForExitAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"etcd (process {Id}) did not end within {timeout.TotalSeconds:0.#} s.");
        }
        _folder.Forget(Id);
    }

    public void Dispose() => _process.Dispose();
}
