using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>A connection through Kubernetes, with the messages reported while it was made.</summary>
internal sealed class PodConnection(EtcdConnection connection, RunRecorder recorder) : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public EtcdConnection Connection { get; } = connection;

    public RunRecorder Opening { get; } = recorder;

    public IEtcdCluster Cluster => Connection.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PodConnection> OpenAsync(KubernetesConnectRequest request)
    {
        var recorder = new RunRecorder();
        return new PodConnection(await new EtcdEngine().ConnectAsync(request, recorder, Cancellation), recorder);
    }

    public static async Task<EtcdException> RefusedAsync(KubernetesConnectRequest request) =>
        await Assert.ThrowsAnyAsync<EtcdException>(async () =>
        {
            await using PodConnection connection = await OpenAsync(request);
        });

    public Task<IReadOnlyList<EtcdMember>> MembersAsync() =>
        Cluster.GetMembersAsync(Timeout, new RunRecorder(), Cancellation);

    public async Task<RunRecorder> StatusAsync(TimeSpan? timeout = null)
    {
        var recorder = new RunRecorder();
        await Cluster.GetStatusAsync(null, timeout ?? Timeout, recorder, Cancellation);
        return recorder;
    }

    public async Task<RunRecorder> CompactAsync()
    {
        var recorder = new RunRecorder();
        await Cluster.CompactAsync(
            new CompactionRequest { Targets = await TargetsAsync(), CallTimeout = Timeout },
            recorder,
            Cancellation
        );
        return recorder;
    }

    public async Task<RunRecorder> DefragmentAsync(RunRecorder? recorder = null, TimeSpan? limit = null)
    {
        recorder ??= new RunRecorder();
        var request = new DefragRequest
        {
            Targets = await TargetsAsync(),
            CallTimeout = Timeout,
            DefragTimeout = limit,
            StopTimeout = TimeSpan.FromMinutes(5),
            MinimumFreeBytes = 0,
            Override = RealCluster.UnseenDisk,
        };
        await recorder.EndOf(Cluster.DefragmentAsync(request, recorder, CancellationToken.None));
        return recorder;
    }

    public async Task<RunRecorder> ClearAlarmsAsync(EtcdAlarmType? type = null)
    {
        var recorder = new RunRecorder();
        await Cluster.ClearAlarmsAsync(
            new AlarmClearRequest
            {
                AlarmType = type,
                MaximumQuotaUsedRatio = 0.9,
                CallTimeout = Timeout,
            },
            recorder,
            Cancellation
        );
        return recorder;
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private async Task<IReadOnlyList<MemberTarget>> TargetsAsync() =>
        [.. (await MembersAsync()).Select(m => new MemberTarget(m))];
}
