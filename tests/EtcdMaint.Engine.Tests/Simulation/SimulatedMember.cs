using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>One etcd process and its database, as far as they concern the safety protocol.</summary>
internal sealed class SimulatedMember(ulong id, string name, SimulatedTime time)
{
    /// <summary>The minimum size of a database, regardless of its content.</summary>
    private static readonly TimeSpan FixedCost = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A process that resumes after a suspension answers for a while before it reads the requests in its sockets.
    /// </summary>
    private static readonly TimeSpan WakesIn = TimeSpan.FromSeconds(1.5);

    private readonly List<DefragJob> _jobs = [];
    private DefragJob? _shown;
    private int _epoch;
    private long _lagAtEnd;
    private TimeSpan _lagSince;
    private TimeSpan? _unavailableSince;

    public ulong Id { get; } = id;

    public string Name { get; } = name;

    public bool IsLearner { get; init; }

    public string Version { get; set; } = "3.5.30";

    public long DbSize { get; set; }

    public long InUse { get; set; }

    public long? Quota { get; set; }

    /// <summary>The quota that the settings of its pod or process suggest.</summary>
    public long? SuggestedQuota { get; set; }

    public double SecondsPerGigabyte { get; set; } = 10;

    /// <summary>Whether its defragmentation blocks it only at the end (NonBlockingDefrag).</summary>
    public bool IsNonBlocking { get; set; }

    /// <summary>How long its pod may be unavailable before a probe ends it; null if no probe does.</summary>
    public TimeSpan? ProbeBudget { get; set; }

    public bool HasMetrics { get; set; } = true;

    public bool IsUp { get; private set; } = true;

    public bool IsPaused { get; private set; }

    public bool IsCutFromPeers { get; private set; }

    public NetworkState Network { get; private set; }

    public bool IsDiskFull { get; set; }

    /// <summary>Free bytes of the disk as the access reports them; null if it cannot see the disk.</summary>
    public long? FreeDisk { get; set; } = 1_000_000_000_000;

    /// <summary>
    /// Another member that answers at this member's place, as behind a load balancer; null if it answers itself.
    /// </summary>
    public SimulatedMember? StandIn { get; private set; }

    /// <summary>An outdated list that the member reports; null if it has the current list.</summary>
    public IReadOnlyList<MemberEntry>? StaleList { get; set; }

    /// <summary>A list that the member reports in the current term; null if it has the current list.</summary>
    public IReadOnlyList<MemberEntry>? LateList { get; set; }

    /// <summary>Committed entries that it has not applied, in addition to its lag.</summary>
    public ulong Unapplied { get; set; }

    public TimeSpan CompactingUntil { get; private set; }

    /// <summary>Bytes of history that a compaction frees.</summary>
    public long DeadBytes { get; set; }

    /// <summary>The duration of its compactions.</summary>
    public TimeSpan CompactsIn { get; set; } = TimeSpan.FromMilliseconds(200);

    public double ProcessStart { get; private set; } = 1;

    public int DefragCount { get; private set; }

    /// <summary>The duration of its successful defragmentations together.</summary>
    public double DefragSeconds { get; private set; }

    public int FailedDefragCount { get; private set; }

    /// <summary>Whether a defragmentation that this run requested has succeeded.</summary>
    public bool HasDoneOurs { get; private set; }

    public double EntriesPerSecond { get; set; }

    public IReadOnlyList<DefragJob> Jobs => _jobs;

    /// <summary>Whether a defragmentation is running, as its gauge shows.</summary>
    public bool IsDefragmenting => _jobs.Count > 0 && _jobs[0].RunningSince is not null;

    public bool IsBackendBlocked => IsDefragmenting && _jobs[0].IsBlocking;

    public bool HasOurJob => _jobs.Exists(j => j.IsOurs);

    public bool IsForeignAtWork => _jobs.Count > 0 && _jobs[0] is { IsOurs: false, RunningSince: not null };

    /// <summary>Since when a foreign defragmentation is running without interruption; null if none is.</summary>
    public TimeSpan? ForeignSince { get; private set; }

    /// <summary>When it last gave its status.</summary>
    public TimeSpan StatusServedAt { get; set; }

    /// <summary>Whether its last metrics page showed a foreign defragmentation that is still running.</summary>
    public bool HasShownForeign => HasMetrics && _shown is { IsOver: false, RunningSince: not null };

    /// <summary>Called when it gives its metrics.</summary>
    public void ShowMetrics() => _shown = IsForeignAtWork ? _jobs[0] : null;

    public bool CanAnswer => IsUp && !IsPaused;

    /// <summary>Whether it takes part in elections and quorums.</summary>
    public bool IsWithPeers => CanAnswer && !IsCutFromPeers;

    /// <summary>Since when it has continuously not been a demonstrably healthy voter; null while it is one.</summary>
    public TimeSpan? UnavailableSince => _unavailableSince;

    /// <summary>When it last became a demonstrably healthy voter again; null if it always was one.</summary>
    public TimeSpan? AvailableSince { get; private set; }

    public MemberEntry Entry => new(Id, Name, [$"http://{Name}:2380"], [$"http://{Name}:2379"], IsLearner);

    /// <summary>Entries that it has received and not applied yet.</summary>
    public ulong Lag
    {
        get
        {
            double passed = (time.Now - _lagSince).TotalSeconds;
            double lag = IsBackendBlocked
                ? passed * EntriesPerSecond
                : _lagAtEnd - passed * Math.Max(2000, EntriesPerSecond);
            return (ulong)Math.Max(0, lag);
        }
    }

    /// <summary>Called after a change to which other parts of the simulation may have to react.</summary>
    public Action<SimulatedMember> Changed { get; set; } = _ => { };

    public DefragJob Enqueue(bool isOurs)
    {
        var job = new DefragJob(isOurs, FixedCost + TimeSpan.FromSeconds(InUse / 1e9 * SecondsPerGigabyte));
        _jobs.Add(job);
        StartNext();
        return job;
    }

    public void Compact()
    {
        CompactingUntil = time.Now + CompactsIn;
        time.After(
            CompactsIn,
            () =>
            {
                InUse -= DeadBytes;
                DeadBytes = 0;
            }
        );
    }

    public void Kill()
    {
        IsUp = false;
        _epoch++;
        _jobs.ForEach(j => j.IsOver = true);
        _jobs.Clear();
        ForeignSince = null;
        Change();
    }

    public void Restart()
    {
        if (IsUp)
            return;
        IsUp = true;
        IsPaused = false;
        IsDiskFull = false;
        ProcessStart += 1;
        DefragCount = FailedDefragCount = 0;
        DefragSeconds = 0;
        Change();
    }

    public void Suspend()
    {
        if (!IsUp || IsPaused)
            return;
        IsPaused = true;
        _epoch++;
        foreach (DefragJob job in _jobs.Where(j => j.RunningSince is not null))
        {
            job.Remaining -= time.Now - job.RunningSince!.Value;
            job.RunningSince = null;
            job.IsBlocking = false;
        }
        Change();
    }

    public void Resume()
    {
        if (!IsPaused)
            return;
        IsPaused = false;
        if (_jobs.Count > 0 && _jobs[0].Remaining < _jobs[0].Duration)
            StartNext();
        else
            time.After(WakesIn, StartNext);
        Change();
    }

    public void FallBehind(long entries)
    {
        _lagAtEnd = entries;
        _lagSince = time.Now;
    }

    public void Set(NetworkState network)
    {
        Network = network;
        Change();
    }

    public void CutFromPeers(bool isCut)
    {
        IsCutFromPeers = isCut;
        Change();
    }

    public void AnswerBy(SimulatedMember? other)
    {
        StandIn = other == this ? null : other;
        Change();
    }

    private void StartNext()
    {
        if (!CanAnswer || _jobs.Count == 0 || _jobs[0].RunningSince is not null)
            return;
        DefragJob job = _jobs[0];
        job.RunningSince = time.Now;
        job.BegunAt ??= time.Now;
        ForeignSince = job.IsOurs ? null : ForeignSince ?? time.Now;
        int epoch = _epoch;
        TimeSpan takes = IsDiskFull ? TimeSpan.FromMilliseconds(400) : job.Remaining;
        if (IsNonBlocking && takes > FixedCost)
            time.After(takes - FixedCost, () => Block(job, epoch));
        else
            Block(job, epoch);
        time.After(takes, () => Finish(job, epoch));
    }

    /// <summary>The part of the defragmentation during which the member waits for it.</summary>
    private void Block(DefragJob job, int epoch)
    {
        if (epoch != _epoch || job.IsOver)
            return;
        job.IsBlocking = true;
        _lagSince = time.Now;
    }

    private void Finish(DefragJob job, int epoch)
    {
        if (epoch != _epoch || job.IsOver)
            return;
        _lagAtEnd = (long)((time.Now - _lagSince).TotalSeconds * EntriesPerSecond);
        _lagSince = time.Now;
        job.IsOver = true;
        _jobs.Remove(job);
        ForeignSince = null;
        if (IsDiskFull)
        {
            job.HasFailed = true;
            FailedDefragCount++;
        }
        else
        {
            DbSize = Math.Min(DbSize, InUse + 16384);
            DefragCount++;
            DefragSeconds += (time.Now - job.BegunAt!.Value).TotalSeconds;
            HasDoneOurs |= job.IsOurs;
        }
        StartNext();
        Changed(this);
    }

    private void Change()
    {
        bool isAvailable = IsWithPeers && Network is NetworkState.Open && StandIn is null;
        if (isAvailable && _unavailableSince is not null)
            AvailableSince = time.Now;
        _unavailableSince = isAvailable ? null : _unavailableSince ?? time.Now;
        Changed(this);
    }
}
