using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>
/// etcd-defrag (github.com/ahrtr/etcd-defrag), a contender if it is on PATH. It never gets the option to compact.
/// </summary>
internal static class EtcdDefragTool
{
    public const string Name = "etcd-defrag";

    private static readonly string? Program = Tool.Find(Name);

    public static bool IsFound => Program is not null;

    /// <summary>The notes of a result if it is missing.</summary>
    public static IReadOnlyList<string> Notes => IsFound ? [] : [$"{Name} is not on PATH, so it has no row"];

    /// <summary>These contenders, or none if the program is missing.</summary>
    public static IReadOnlyList<string> IfFound(params IReadOnlyList<string> contenders) => IsFound ? contenders : [];

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<TimeSpan> DefragmentAsync(
        TestEtcdCluster cluster,
        CancellationToken stop,
        params IReadOnlyList<string> more
    )
    {
        ToolRun run = await Tool.RunAsync(
            Program!,
            [
                "--endpoints",
                string.Join(',', cluster.ClientUrls),
                "--command-timeout",
                "60s",
                "--compaction=false",
                .. cluster.Certificates is { } certificates
                    ?
                    [
                        "--cacert",
                        certificates.Ca,
                        "--cert",
                        certificates.Client.Certificate,
                        "--key",
                        certificates.Client.Key,
                    ]
                    : Array.Empty<string>(),
                .. more,
            ],
            stop: stop
        );
        run.OutputOrThrow();
        return run.Elapsed;
    }
}
