using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>
/// A temporary folder that records the processes, mounts and files created for it and removes them with itself, even if
/// the process that created it is killed.
/// </summary>
/// <remarks>
/// A small shell waits at the end of a pipe whose other end only this process holds. When the pipe closes, for any
/// reason, the shell runs the folder's <c>remove.sh</c>. If the shell is killed too, the next test process removes the
/// folder. On Windows, where no servers are started for a folder, there is no shell.
/// </remarks>
internal sealed class ThrowAwayFolder : IAsyncDisposable
{
    private const string RemoveScript = """
        #!/bin/sh
        # Ends the processes of this folder, and removes it.
        cd "$(dirname "$0")" || exit 0
        folder=$PWD
        for file in pids/*; do
            pid=${file#pids/}
            # A process with another start time has reused the ID.
            if [ -r "/proc/$pid/stat" ] && [ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 20)" != "$(cat "$file")" ]; then continue; fi
            kill -KILL "$pid" 2>/dev/null
        done
        while read -r mount; do umount -l "$mount"; done 2>/dev/null < mounts
        while read -r file; do rm -f "$file"; done 2>/dev/null < files
        cd /
        tries=0
        # A killed process takes a moment to end and may write until then.
        while ! rm -rf "$folder" 2>/dev/null && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
        """;

    private readonly Process? _watchdog;
    private bool _done;

    private ThrowAwayFolder(string folder, Process? watchdog)
    {
        FullPath = folder;
        _watchdog = watchdog;
    }

    public string FullPath { get; }

    public string RemoveScriptPath => Path.Combine(FullPath, "remove.sh");

    public static ThrowAwayFolder Create(string purpose)
    {
        FolderSweep.RunOnce();

        var folder = Path.Combine(
            FolderSweep.Root,
            $"{purpose}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}"
        );
        Directory.CreateDirectory(Path.Combine(folder, "pids"));
        File.WriteAllText(Path.Combine(folder, "owner"), ProcessMark.Own.ToString());
        File.WriteAllText(Path.Combine(folder, "mounts"), "");
        File.WriteAllText(Path.Combine(folder, "files"), "");
        File.WriteAllText(Path.Combine(folder, "remove.sh"), RemoveScript + "\n");

        return new ThrowAwayFolder(folder, OperatingSystem.IsWindows() ? null : StartWatchdog(folder));
    }

    /// <summary>A path inside the folder; an absolute path is returned unchanged.</summary>
    public string Combine(params string[] parts) => Path.Combine([FullPath, .. parts]);

    public void Remember(ProcessMark process) => File.WriteAllText(Combine("pids", $"{process.Id}"), process.Started);

    public void Forget(int processId) => File.Delete(Combine("pids", $"{processId}"));

    public void RememberMount(string mountPoint) => File.AppendAllText(Combine("mounts"), mountPoint + "\n");

    /// <summary>Registers a file elsewhere that is removed with the folder, if it exists by then.</summary>
    public void RememberFile(string path) => File.AppendAllText(Combine("files"), path + "\n");

    /// <summary>
    /// Keeps the folder and its processes, to be removed manually with <see cref="RemoveScriptPath"/>.
    /// </summary>
    public void Leave()
    {
        _done = true;
        File.WriteAllText(Combine(FolderSweep.KeptMark), "");
        _watchdog?.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (_done)
            return;

        _done = true;
        if (_watchdog is null)
        {
            FolderSweep.Delete(FullPath);
            return;
        }
        _watchdog.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await _watchdog.WaitForExitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watchdog.Dispose();
    }

    // The output is discarded: a reader of this process's output must not have to wait for the shell as well.
    private static Process StartWatchdog(string folder) =>
        Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                [
                    "-c",
                    "trap '' INT TERM HUP; cat > /dev/null; exec sh \"$0\" > /dev/null 2>&1",
                    Path.Combine(folder, "remove.sh"),
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
}
