using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>A simulated cluster of three members and some runs on it, all derived from one seed.</summary>
internal sealed class LockPlay
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly int _seed;
    private readonly double _troubled;

    public LockPlay(int seed, double troubled = 0)
    {
        (_seed, _troubled) = (seed, troubled);
        Random = new Random(seed);
        Time = new SimulatedTime();
        Cluster = new SimulatedCluster(
            [.. Enumerable.Range(0, 3).Select(i => new SimulatedMember((ulong)(0x100 + i), $"m{i}", Time))],
            Time,
            0xc1
        );
    }

    public Random Random { get; }

    public SimulatedTime Time { get; }

    public SimulatedCluster Cluster { get; }

    public List<LockActor> Actors { get; } = [];

    public IEnumerable<string> Locks => Cluster.Roles.Concat(Cluster.Keys.Keys);

    public LockActor Add(bool isReliable = false)
    {
        var actor = new LockActor(
            Cluster,
            $"run {Actors.Count}",
            isReliable ? null : new Random(Random.Next()),
            _troubled
        )
        {
            Begun = OnBegun,
        };
        Actors.Add(actor);
        return actor;
    }

    public void Arm(bool isArmed)
    {
        Cluster.Alarms.Clear();
        if (isArmed)
            Cluster.Alarms.Add(new ArmedAlarm(Cluster.Members[0].Id, EtcdAlarmType.NoSpace));
    }

    public TimeSpan Within(double seconds) => TimeSpan.FromSeconds(Random.NextDouble() * seconds);

    public void Run(Func<Task> work)
    {
        try
        {
            Time.Run(work, Longest);
        }
        catch (Exception failed) when (failed is not PropertyBrokenException)
        {
            throw new PropertyBrokenException($"seed {_seed}: {failed}{Environment.NewLine}{Story}");
        }
    }

    public void Require(bool holds, string what)
    {
        if (!holds)
            throw new PropertyBrokenException($"seed {_seed}, {Time.Now}: {what}{Environment.NewLine}{Story}");
    }

    private string Story =>
        string.Join(
            Environment.NewLine,
            [
                .. Actors.Select(a =>
                    $"{a.Name}: {a.Works} members, {a.Refusal?.Message}{Environment.NewLine}{a.Pipeline.Story}"
                ),
                $"locks: {string.Join(" ", Locks)}",
                .. Cluster.Log.Writes.TakeLast(60).Select(c => c.ToString()),
            ]
        );

    private void OnBegun(LockActor begun)
    {
        foreach (LockActor other in Actors)
            Require(
                other == begun || !other.IsAtWork,
                $"{begun.Name} began to defragment while {other.Name} was defragmenting"
            );
    }
}
