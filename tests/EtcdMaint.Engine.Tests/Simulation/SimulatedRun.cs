using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A completed scenario: the output of the run, and the observations from inside the cluster.</summary>
internal sealed class SimulatedRun
{
    /// <summary>Long enough for every wait that the protocol allows, on seven members.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    private readonly FaultSchedule _faults;

    private SimulatedRun(Scenario scenario)
    {
        Scenario = scenario;
        Time = new SimulatedTime();
        Cluster = new SimulatedCluster(scenario.Members.Select(Make), Time)
        {
            WritesPerSecond = scenario.WritesPerSecond,
            Compacted = 900,
        };
        Cluster.Lead(Cluster.Members[scenario.Leader]);
        _faults = new FaultSchedule(Cluster, scenario.Faults);
        Pipeline = new Pipeline(Time) { Answer = AnswerAsync };
        SafetyInvariants = new SafetyInvariants(Cluster, scenario, Pipeline.Note);
    }

    public Scenario Scenario { get; }

    public SimulatedTime Time { get; }

    public SimulatedCluster Cluster { get; }

    public Pipeline Pipeline { get; }

    public SafetyInvariants SafetyInvariants { get; }

    public TimeSpan Took { get; private set; }

    public bool IsMachineFree { get; private set; }

    public bool HasMachineFile { get; private set; }

    /// <summary>The complete description, for the message of a failing property.</summary>
    public string Story =>
        string.Join(Environment.NewLine, [$"{Scenario}", $"{Pipeline.Story}", .. SafetyInvariants.Violations]);

    /// <summary>Runs the scenario on this thread, which does not belong to the pool.</summary>
    public static SimulatedRun Play(Scenario scenario)
    {
        var run = new SimulatedRun(scenario);
        try
        {
            run.Play();
        }
        catch (Exception failed) when (failed is not PropertyBrokenException)
        {
            throw new PropertyBrokenException($"{failed}{Environment.NewLine}{run.Story}");
        }
        return run;
    }

    private void Play()
    {
        var stop = new CancellationTokenSource();
        Cluster.DefragmentSent = member =>
        {
            SafetyInvariants.OnDefragment(member);
            _faults.OnDefragment(member);
        };
        if (Scenario.StopsAfter is { } after)
            Time.After(after, stop.Cancel);

        var found = new FoundCluster("simulated", EtcdAccess.Endpoint, [], null, new SimulatedMemberSource(Cluster));
        var engine = new EtcdCluster(found, null, Time, new Random(Scenario.Members.Length));
        _faults.Begin();
        DefragRequest request = Scenarios.Request(Scenario, Cluster, AfterAsync);
        try
        {
            Time.Run(() => engine.DefragmentAsync(request, Pipeline, stop.Token), Longest);
            Took = Time.Now;
            LookAtMachineLock();
        }
        finally
        {
            LockFolders.Clear(Cluster.Id);
        }
    }

    private void LookAtMachineLock()
    {
        string id = HexId.Format(Cluster.Id);
        HasMachineFile = File.Exists(Path.Combine(MachineLock.Folder, $"etcdmaint-{id}.lock"));
        try
        {
            MachineLock.Take(id, "simulated", LockHolder.Me(Time))?.Dispose();
            IsMachineFree = true;
        }
        catch (EtcdException)
        {
            IsMachineFree = false;
        }
    }

    private SimulatedMember Make(MemberShape shape, int number) =>
        new((ulong)(0x100 + number), $"m{number}", Time)
        {
            DbSize = shape.Size * 1_000_000L,
            InUse = shape.InUse * 1_000_000L,
            Quota = 8_000_000_000,
            SecondsPerGigabyte = shape.SecondsPerGigabyte,
            IsNonBlocking = shape.IsNonBlocking,
            IsLearner = shape.IsLearner,
            HasMetrics = shape.HasMetrics,
            Version = shape.Version,
            EntriesPerSecond = Scenario.WritesPerSecond,
            CompactsIn = Scenario.CompactsIn,
            FreeDisk = shape.SeesDisk ? 1_000_000_000_000 : null,
        };

    private async Task<bool> AnswerAsync(string target)
    {
        await AfterAsync(Scenario.Thinks).ConfigureAwait(false);
        _faults.OnConfirmation(target);
        return true;
    }

    private async Task<bool> AfterAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, Time).ConfigureAwait(false);
        return true;
    }
}
