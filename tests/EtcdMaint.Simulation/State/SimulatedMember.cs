namespace EtcdMaint.Simulation.State;

/// <summary>One member: its files and its defragmentations.</summary>
internal sealed class SimulatedMember(SimulatedCluster cluster, int number, ulong id)
{
    /// <summary>The quota of each member: the default of etcd.</summary>
    public const long QuotaBytes = 2L << 30;

    private Task _defragmentation = Task.CompletedTask;
    private int _waiting;

    public SimulatedCluster Cluster { get; } = cluster;

    /// <summary>The number of the member in the fleet.</summary>
    public int Number { get; } = number;

    public ulong Id { get; } = id;

    public long DbSize { get; set; }

    public long DbSizeInUse { get; set; }

    public int DefragCount { get; private set; }

    public double DefragSeconds { get; private set; }

    public bool IsDefragmenting => Volatile.Read(ref _waiting) > 0;

    /// <summary>Returns when no defragmentation blocks the member.</summary>
    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        while (IsDefragmenting)
            await Volatile.Read(ref _defragmentation).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Defragments the member after the defragmentations that were requested before. As in etcd, it continues if the
    /// client disconnects.
    /// </summary>
    public Task DefragmentAsync(TimeSpan duration)
    {
        lock (Cluster.Gate)
        {
            _waiting++;
            return _defragmentation = AfterAsync(_defragmentation, duration);
        }
    }

    private async Task AfterAsync(Task earlier, TimeSpan duration)
    {
        await earlier;
        TimeSpan started = Cluster.Log.Now;
        await Task.Delay(duration);
        lock (Cluster.Gate)
        {
            DbSize = DbSizeInUse;
            DefragCount++;
            DefragSeconds += duration.TotalSeconds;
            _waiting--;
        }
        Cluster.Log.Add(
            new FleetChange(
                Cluster.Number,
                Array.IndexOf(Cluster.Members, this),
                FleetChangeKind.Defragmentation,
                started,
                Cluster.Log.Now
            )
        );
    }
}
