using System.Globalization;
using System.Text.Json;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>What users run today to find out what fills a cluster: etcdctl and jq over the whole database.</summary>
internal static class EtcdctlGet
{
    public const string KeysOnly = "etcdctl get --prefix --keys-only, counted";

    public const string CountedByJq = "etcdctl get --prefix -w json, counted by jq";

    // The default of etcdctl is 5 s.
    private const string Timeout = "--command-timeout=1200s";

    /// <summary>
    /// Keys and bytes by the first part of the key after the root prefix. Sorting all keys is faster in jq than adding
    /// to one object for each key, and the bytes of a text need no walk through it, unlike its length.
    /// </summary>
    private const string JqProgram = """
        [.kvs[] | {
          resource: (.key | @base64d | split("/")[2]),
          bytes: ((.key | utf8bytelength) + (.value | utf8bytelength))
        }]
        | group_by(.resource)
        | map({key: .[0].resource, value: {keys: length, bytes: ((map(.bytes) | add) * 3 / 4)}})
        | from_entries
        """;

    // Measured with 500 MB and etcd 3.5: etcdctl takes ten times the data to make its JSON, the member that answers
    // three times, and jq twice.
    private const int MemoryPerByte = 15;

    private static readonly string? Jq = Tool.Find("jq");

    /// <summary>Why the data cannot be counted by jq on this machine; null if it can.</summary>
    public static string? WhyNotCountable(long bytes) =>
        Jq is null ? "jq is not in PATH (package jq)" : WhyNotReadable(bytes);

    /// <summary>Why etcdctl cannot write the data as JSON on this machine; null if it can.</summary>
    public static string? WhyNotReadable(long bytes) =>
        ProcFile.ReadBytes("/proc/meminfo", "MemAvailable") is { } available && available < bytes * MemoryPerByte
            ? $"it needs about {bytes * MemoryPerByte / 1e9:0} GB of memory, and {available / 1e9:0} GB are available"
            : null;

    /// <summary>Counts the keys by listing them.</summary>
    public static async Task<(TimeSpan Took, int Keys)> ListKeysAsync(
        TestEtcdCluster cluster,
        string root,
        CancellationToken stop
    )
    {
        ToolRun run = await ShellAsync(
            cluster,
            "\"$0\" get \"$1\" --prefix --keys-only \"$2\" | grep -c .",
            [cluster.Binaries.Etcdctl, root, Timeout],
            stop
        );
        return (run.Elapsed, int.Parse(run.OutputOrThrow(), CultureInfo.InvariantCulture));
    }

    /// <summary>Counts keys and bytes of each resource from the values.</summary>
    /// <exception cref="InvalidOperationException">A program failed, for example without memory.</exception>
    public static async Task<(TimeSpan Took, int Keys)> CountWithJqAsync(
        TestEtcdCluster cluster,
        string root,
        CancellationToken stop
    )
    {
        ToolRun run = await ShellAsync(
            cluster,
            "\"$0\" get \"$1\" --prefix -w json \"$2\" | \"$3\" -c \"$4\"",
            [cluster.Binaries.Etcdctl, root, Timeout, Jq!, JqProgram],
            stop
        );
        string json = run.OutputOrThrow();
        if (string.IsNullOrWhiteSpace(json))
            throw new InvalidOperationException($"etcdctl and jq printed nothing: {run.Errors.Trim()}");
        using JsonDocument counted = JsonDocument.Parse(json);
        return (
            run.Elapsed,
            counted.RootElement.EnumerateObject().Sum(resource => resource.Value.GetProperty("keys").GetInt32())
        );
    }

    /// <summary>Reads everything and drops it.</summary>
    public static async Task ReadAllAsync(TestEtcdCluster cluster, string root, CancellationToken stop) =>
        (
            await ShellAsync(
                cluster,
                "\"$0\" get \"$1\" --prefix -w json \"$2\" > /dev/null",
                [cluster.Binaries.Etcdctl, root, Timeout],
                stop
            )
        ).OutputOrThrow();

    private static Task<ToolRun> ShellAsync(
        TestEtcdCluster cluster,
        string script,
        string[] arguments,
        CancellationToken stop
    ) => Tool.RunAsync("/bin/sh", ["-c", script, .. arguments], cluster.ConnectionEnvironment, stop: stop);
}
