using System.Diagnostics;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>A command-line program that is run to its end and measured from outside.</summary>
internal static class Tool
{
    private static readonly TimeSpan MemoryPause = TimeSpan.FromMilliseconds(5);

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public static async Task<ToolRun> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        bool watchMemory = false,
        CancellationToken stop = default
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SetEnvironment(start, environment);
        return await RunAsync(start, watchMemory, stop);
    }

    public static async Task<ToolRun> RunAsync(ProcessStartInfo start, bool watchMemory, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        long? peak = null;
        try
        {
            while (watchMemory && !process.HasExited)
            {
                peak = Math.Max(peak ?? 0, PeakBytes(process.Id) ?? 0);
                await Task.Delay(MemoryPause, stop);
            }
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        TimeSpan took = watch.Elapsed;
        return new ToolRun(Path.GetFileName(start.FileName), process.ExitCode, await output, await errors, took, peak);
    }

    /// <summary>
    /// The peak resident memory of a process so far; null once it has ended, or if the system does not report it.
    /// </summary>
    public static long? PeakBytes(int processId) => ProcFile.ReadBytes($"/proc/{processId}/status", "VmHWM");

    /// <summary>Variables for the user's own cluster must have no effect.</summary>
    public static void SetEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment)
    {
        foreach (
            string name in start.Environment.Keys.Where(n => n.StartsWith("ETCD", StringComparison.Ordinal)).ToList()
        )
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
    }
}
