using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Load;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks;

/// <summary>The state that the measures of one run share.</summary>
internal sealed class BenchmarkRun(BenchmarkOptions options, EtcdBinaries etcd, Shell shell, CancellationToken stop)
{
    public const string Module = "EtcdMaint";

    public EtcdBinaries Etcd { get; } = etcd;

    public Shell Shell { get; } = shell;

    public CancellationToken Stop { get; } = stop;

    public bool IsShort => options.Extent is Extent.Short;

    public bool IsLong => options.Extent is Extent.Long;

    public T Pick<T>(T forShort, T full) => IsShort ? forShort : full;

    public int Rounds(int forShort, int full) => options.Rounds ?? Pick(forShort, full);

    public Task<TestEtcdCluster> StartClusterAsync(int members, long? quota = null, bool metricsApart = false) =>
        TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = members,
                Tls = TlsMode.Mutual,
                Binaries = Etcd,
                QuotaBytes = quota,
                MetricsApart = metricsApart,
                ExtraArguments = [SmallTransactions.ServerArgument],
            },
            Stop
        );

    public Task<ModuleProcess> StartModuleAsync() => ModuleProcess.StartAsync(Shell, Stop);

    /// <summary>
    /// Gives every contender a turn in every round. Every second round has the reverse order, and the starting
    /// contender changes every two rounds: other load on the machine, and the effects of the previous turn, then affect
    /// all contenders equally.
    /// </summary>
    public async Task InterleaveAsync(int rounds, IReadOnlyList<string> contenders, Func<string, int, Task> turn)
    {
        for (int round = 0; round < rounds; round++)
        {
            IEnumerable<string> order = Enumerable
                .Range(round / 2, contenders.Count)
                .Select(i => contenders[i % contenders.Count]);
            foreach (string contender in round % 2 == 0 ? order : order.Reverse())
            {
                Stop.ThrowIfCancellationRequested();
                await turn(contender, round);
            }
            Say($"  round {round + 1} of {rounds} done");
        }
    }

    public static void Say(string message) =>
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.Now:HH:mm:ss} (load {Machine.Load():0.0}) {message}"
            )
        );
}
