using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>One machine with its own folder for lock files, and its access to a real cluster.</summary>
internal sealed class LockMachine : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-machine-");
    private readonly ClusterMembership _membership;

    public LockMachine(TestEtcdCluster etcd, bool byEtcdctl, ClusterUser? user = null)
    {
        ResolvedMember[] members =
        [
            .. etcd.Members.Select(m => new ResolvedMember(
                new MemberEntry(Id(m), m.Name, [], [m.ClientUrl], false),
                byEtcdctl
                    ? EtcdctlMember.ClientFor(EtcdctlMember.Settings(etcd, m, user))
                    : EtcdctlMember.GrpcClient(etcd, m),
                null
            )),
        ];
        _membership = new ClusterMembership(0xc1, members, IsListAgreed: true);
    }

    public RunRecorder Recorder { get; } = new();

    /// <summary>Arms NOSPACE, as a full quota does.</summary>
    public static Task ArmAsync(TestEtcdCluster etcd) =>
        etcd.Gateway.PostAsync(
            etcd.Members[0],
            "maintenance/alarm",
            new
            {
                action = "ACTIVATE",
                memberID = MemberId.ToDecimal(etcd.Members[0].Id),
                alarm = "NOSPACE",
            },
            TestContext.Current.CancellationToken
        );

    public async Task<RunLock> TakeAsync(Func<LockOptions, LockOptions>? with = null)
    {
        var options = new LockOptions { MachineFolder = _folder.FullName };
        var context = new ClusterContext(new NoAccess(), null, TimeProvider.System, FreshIdentity.Create());
        RunLock taken = RunLock.OnMachine(context, "c1", "test", with?.Invoke(options) ?? options, Recorder);
        try
        {
            await taken.TakeInClusterAsync(_membership, TimeSpan.Zero, TestContext.Current.CancellationToken);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the lock or the refusal.</summary>
    public async Task<(RunLock? Held, EtcdException? Refusal)> TryTakeAsync(Func<LockOptions, LockOptions>? with = null)
    {
        try
        {
            return (await TakeAsync(with), null);
        }
        catch (EtcdException refused)
        {
            return (null, refused);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ResolvedMember member in _membership.Members)
            await member.Client!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static ulong Id(ClusterMember member) =>
        HexId.TryParse(member.Id, out ulong id) ? id : throw new FormatException(member.Id);

    /// <summary>The members are already known.</summary>
    private sealed class NoAccess : IMemberSource
    {
        public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
            throw new NotSupportedException();

        public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
