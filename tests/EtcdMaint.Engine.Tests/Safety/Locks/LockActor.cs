using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>One run on its own machine, on a simulated cluster that it shares with other runs.</summary>
internal sealed class LockActor
{
    /// <summary>A renewal that took longer is repeated, just as a run reads a state again that is too old.</summary>
    private static readonly TimeSpan ProofLasts = TimeSpan.FromSeconds(10);

    private readonly SimulatedCluster _cluster;
    private readonly ClusterContext _context;
    private readonly ClusterMembership _membership;

    public LockActor(SimulatedCluster cluster, string name, Random? random = null, double troubled = 0)
    {
        _cluster = cluster;
        Name = name;
        Time = new SuspendableTime(cluster.Time);
        Pipeline = new Pipeline(cluster.Time);
        UnreliableLine? line = random is null ? null : new UnreliableLine(Time, cluster.Time, random, troubled);
        _membership = new ClusterMembership(
            cluster.Id,
            [
                .. cluster.Members.Select(m => new ResolvedMember(
                    m.Entry,
                    new SimulatedClient(cluster, m) { Line = line },
                    null
                )),
            ],
            IsListAgreed: true
        );
        _context = new ClusterContext(new SimulatedMemberSource(cluster), null, Time, FreshIdentity.Create());
    }

    public string Name { get; }

    public SuspendableTime Time { get; }

    public Pipeline Pipeline { get; }

    /// <summary>Whether it is defragmenting a member now.</summary>
    public bool IsAtWork { get; private set; }

    public int Works { get; private set; }

    /// <summary>Why it gave up; null if it did not.</summary>
    public EtcdException? Refusal { get; private set; }

    /// <summary>Called when a member's defragmentation begins.</summary>
    public Action<LockActor> Begun { get; init; } = _ => { };

    /// <summary>Takes the lock of a snapshot, which waits for other runs.</summary>
    public Task<RunLock> TakeForSnapshotAsync(bool mayWait = true) =>
        new SnapshotLock(_context, "simulated", mayWait, Pipeline).TakeAsync(
            _membership,
            hasLeader: true,
            CancellationToken.None
        );

    private RunLock OnMachine(LockOptions options) =>
        RunLock.OnMachine(
            _context,
            HexId.Format(_cluster.Id),
            "simulated",
            options with
            {
                MachineFolder = options.MachineFolder ?? LockFolders.Impossible,
            },
            Pipeline
        );

    public Task<RunLock> TakeAsync(LockOptions? options = null) => TakeUntilAsync(CancellationToken.None, options);

    public async Task<RunLock> TakeUntilAsync(CancellationToken stop, LockOptions? options)
    {
        RunLock taken = OnMachine(options ?? new LockOptions());
        try
        {
            await taken.TakeInClusterAsync(_membership, TimeSpan.Zero, stop).ConfigureAwait(false);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A whole run: takes the lock, defragments members for the given times, and releases it.</summary>
    public async Task RunAsync(TimeSpan after, IReadOnlyList<TimeSpan> works, LockOptions? options = null)
    {
        await Task.Delay(after, Time).ConfigureAwait(false);
        try
        {
            await using RunLock held = await TakeAsync(options).ConfigureAwait(false);
            await WorkAsync(held, works).ConfigureAwait(false);
        }
        catch (EtcdException refused)
        {
            Refusal = refused;
        }
    }

    /// <summary>
    /// Renews the lock and defragments a member, once for each given time, until a renewal is refused.
    /// </summary>
    public async Task WorkAsync(RunLock held, IReadOnlyList<TimeSpan> works)
    {
        try
        {
            foreach (TimeSpan work in works)
            {
                await ProveAsync(held).ConfigureAwait(false);
                held.MarkBusy(_cluster.Members[0].Id);
                await WorkAsync(work).ConfigureAwait(false);
                held.MarkBusy(0);
            }
        }
        catch (EtcdException refused)
        {
            Refusal = refused;
        }
    }

    /// <summary>The defragmentation continues while the run is suspended.</summary>
    private async Task WorkAsync(TimeSpan work)
    {
        IsAtWork = true;
        Works++;
        Begun(this);
        await Task.Delay(work, _cluster.Time).ConfigureAwait(false);
        IsAtWork = false;
        await Time.WhenRunning().ConfigureAwait(false);
    }

    private async Task ProveAsync(RunLock held)
    {
        long began;
        do
        {
            began = Time.GetTimestamp();
            await held.ProveAsync(0, CancellationToken.None).ConfigureAwait(false);
        } while (Time.GetElapsedTime(began) > ProofLasts);
    }
}
