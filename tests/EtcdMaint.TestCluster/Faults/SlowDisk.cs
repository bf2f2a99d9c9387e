using System.Diagnostics;
using System.Globalization;

namespace EtcdMaint.TestCluster;

/// <summary>
/// Makes the database writes of a member slow, so that its defragmentation takes seconds without a large database.
/// </summary>
/// <remarks>
/// strace delays each pwrite64. bbolt writes with pwrite64 and the write-ahead log does not, so heartbeats are not
/// delayed. With 5 ms, a defragmentation of 200 MB in values of 100 kB takes about 7 s.
/// </remarks>
public sealed class SlowDisk : IAsyncDisposable
{
    private static readonly TimeSpan AttachTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether strace has been attached in this process before: then it can be attached here.</summary>
    private static volatile bool _wasAttached;

    private readonly Process _strace;
    private readonly Task<string> _complaints;
    private readonly ThrowAwayFolder _folder;

    private SlowDisk(Process strace, ThrowAwayFolder folder)
    {
        _strace = strace;
        _complaints = strace.StandardError.ReadToEndAsync();
        _folder = folder;
    }

    /// <summary>Tries it on an idle process: strace may be missing, and a container may forbid tracing.</summary>
    public static async Task<Availability> CheckAsync(CancellationToken cancellation = default)
    {
        if (_wasAttached)
            return Availability.Yes;
        if (!OperatingSystem.IsLinux())
            return Availability.No("strace exists on Linux only.");

        using var idle = Process.Start("sleep", "30");
        try
        {
            await using var folder = ThrowAwayFolder.Create("check");
            folder.Remember(ProcessMark.Of(idle.Id));
            await using var attached = await AttachAsync(idle.Id, TimeSpan.FromMilliseconds(1), folder, cancellation);
            return Availability.Yes;
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException or IOException)
        {
            return Availability.No($"The disk cannot be slowed down: {error.Message}");
        }
        finally
        {
            idle.Kill();
        }
    }

    /// <summary>
    /// After it returns, each write to the member's database takes this much longer, until it is disposed.
    /// </summary>
    public static Task<SlowDisk> AttachAsync(
        ClusterMember member,
        TimeSpan delayPerWrite,
        CancellationToken cancellation = default
    ) => AttachAsync(member.ProcessId, delayPerWrite, member.Folder, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            ProcessSignal.Terminate(_strace.Id);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _strace.WaitForExitAsync(deadline.Token);
        _folder.Forget(_strace.Id);
        _strace.Dispose();
    }

    private static async Task<SlowDisk> AttachAsync(
        int processId,
        TimeSpan delay,
        ThrowAwayFolder folder,
        CancellationToken cancellation
    )
    {
        var strace = await Strace.GetAsync();
        var microseconds = ((long)delay.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            strace.Program,
            [
                "-f",
                "-qq",
                "-p",
                processId.ToString(CultureInfo.InvariantCulture),
                "-e",
                "trace=pwrite64",
                "-e",
                $"inject=pwrite64:delay_enter={microseconds}",
                "-o",
                "/dev/null",
            ]
        )
        {
            RedirectStandardError = true,
        };
        foreach (var (name, value) in strace.Environment)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        folder.Remember(ProcessMark.Of(process.Id));
        var disk = new SlowDisk(process, folder);
        try
        {
            await Poll.UntilAsync(
                () => process.HasExited || IsTraced(processId),
                AttachTimeout,
                $"strace attached to process {processId}",
                cancellation
            );
            if (process.HasExited)
                throw new InvalidOperationException((await disk._complaints).Trim());
            _wasAttached = true;
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether every thread is traced: the thread that writes may be the last to be attached.</summary>
    private static bool IsTraced(int processId)
    {
        try
        {
            return Directory
                .EnumerateDirectories($"/proc/{processId}/task")
                .All(task =>
                    File.ReadLines(Path.Combine(task, "status"))
                        .Any(line =>
                            line.StartsWith("TracerPid:", StringComparison.Ordinal)
                            && !line.EndsWith("\t0", StringComparison.Ordinal)
                        )
                );
        }
        catch (IOException)
        {
            // A thread ended during the check.
            return false;
        }
    }
}
