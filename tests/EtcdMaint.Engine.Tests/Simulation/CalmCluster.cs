using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Safety.Locks;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A healthy simulated cluster with an engine on it, for tests that then introduce a problem.</summary>
internal sealed class CalmCluster
{
    private readonly EtcdCluster _engine;

    public CalmCluster(
        int voters = 3,
        int learners = 0,
        string version = "3.6.14",
        long? givenQuota = null,
        Func<int, string>? name = null
    )
    {
        Etcd = new SimulatedCluster(
            Enumerable
                .Range(0, voters + learners)
                .Select(i => new SimulatedMember((ulong)(0x100 + i), name?.Invoke(i) ?? $"m{i}", Time)
                {
                    DbSize = 500_000_000,
                    InUse = 200_000_000,
                    DeadBytes = 100_000_000,
                    Quota = 2_000_000_000,
                    IsLearner = i >= voters,
                    Version = version,
                }),
            Time
        );
        _engine = new EtcdCluster(
            new FoundCluster("simulated", EtcdAccess.Endpoint, [], null, new SimulatedMemberSource(Etcd)),
            givenQuota,
            Time
        );
        Pipeline = new Pipeline(Time);
    }

    public SimulatedTime Time { get; } = new();

    public SimulatedCluster Etcd { get; }

    public Pipeline Pipeline { get; }

    public SimulatedMember this[int number] => Etcd.Members[number];

    public IReadOnlyList<MemberTarget> Targets =>
        [.. Etcd.Members.Select(m => new MemberTarget(Scenarios.Record(Etcd, m)))];

    public Task CompactAsync(Func<CompactionRequest, CompactionRequest>? with = null) =>
        PlayAsync(() =>
        {
            var request = new CompactionRequest { Targets = Targets, CallTimeout = TimeSpan.FromSeconds(15) };
            return _engine.CompactAsync(with?.Invoke(request) ?? request, Pipeline, CancellationToken.None);
        });

    public Task ClearAlarmsAsync(Func<AlarmClearRequest, AlarmClearRequest>? with = null) =>
        PlayAsync(() =>
        {
            var request = new AlarmClearRequest { MaximumQuotaUsedRatio = 0.9, CallTimeout = TimeSpan.FromSeconds(15) };
            return _engine.ClearAlarmsAsync(with?.Invoke(request) ?? request, Pipeline, CancellationToken.None);
        });

    public async Task DefragmentAsync(Func<DefragRequest, DefragRequest>? with = null)
    {
        try
        {
            await PlayAsync(() =>
            {
                var request = new DefragRequest
                {
                    Targets = Targets,
                    CallTimeout = TimeSpan.FromSeconds(15),
                    StopTimeout = TimeSpan.FromMinutes(5),
                };
                return _engine.DefragmentAsync(with?.Invoke(request) ?? request, Pipeline, CancellationToken.None);
            });
        }
        finally
        {
            LockFolders.Clear(Etcd.Id);
        }
    }

    public Task MaintainAsync(MaintenanceRequest request) =>
        PlayAsync(() => _engine.MaintainAsync(request, Pipeline, CancellationToken.None));

    /// <summary>Plans the whole run, and returns its report.</summary>
    public async Task<EtcdMaintenanceReport> PlanMaintenanceAsync()
    {
        await MaintainAsync(
            new MaintenanceRequest
            {
                KeepRevisions = 0,
                MaximumQuotaUsedRatio = 0.9,
                CallTimeout = TimeSpan.FromSeconds(15),
                PlanOnly = true,
                Defrag = new DefragRequest
                {
                    Targets = [],
                    CallTimeout = TimeSpan.FromSeconds(15),
                    PlanOnly = true,
                },
            }
        );
        return Assert.Single(Pipeline.Out.OfType<EtcdMaintenanceReport>());
    }

    public async Task<EtcdHealthReport> CheckHealthAsync()
    {
        EtcdHealthReport? report = null;
        await PlayAsync(async () =>
            report = await _engine.CheckHealthAsync(TimeSpan.FromSeconds(15), Pipeline, CancellationToken.None)
        );
        return report!;
    }

    public Task ReadSpaceUsageAsync(SpaceUsageRequest request) =>
        PlayAsync(() => _engine.GetSpaceUsageAsync(request, Pipeline, CancellationToken.None));

    public Task ReadStatusAsync() =>
        PlayAsync(() => _engine.GetStatusAsync(null, TimeSpan.FromSeconds(15), Pipeline, CancellationToken.None));

    public async Task<IReadOnlyList<EtcdMember>> ListAsync()
    {
        IReadOnlyList<EtcdMember> members = [];
        await PlayAsync(async () =>
            members = await _engine.GetMembersAsync(TimeSpan.FromSeconds(15), Pipeline, CancellationToken.None)
        );
        return members;
    }

    private Task PlayAsync(Func<Task> work) => OwnThread.Run(() => Time.Run(work, TimeSpan.FromHours(2)));
}
