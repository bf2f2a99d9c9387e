using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>Triggers the faults of a scenario when they are due.</summary>
internal sealed class FaultSchedule(SimulatedCluster cluster, IReadOnlyList<Fault> faults)
{
    private int _sent;
    private int _confirmed;

    public void Begin()
    {
        foreach (Fault fault in faults.Where(f => f.AfterDefrag == 0 && f.AfterConfirmation == 0))
            Plan(fault, cluster.Members[Math.Max(0, fault.Member) % cluster.Members.Count]);
    }

    /// <param name="target">Starts with the member's name.</param>
    public void OnConfirmation(string target)
    {
        _confirmed++;
        SimulatedMember member = cluster.Members.Find(m => m.Name == target.Split(' ')[0])!;
        foreach (Fault fault in faults.Where(f => f.AfterConfirmation == _confirmed))
            Plan(fault, fault.Member < 0 ? member : cluster.Members[fault.Member % cluster.Members.Count]);
    }

    public void OnDefragment(SimulatedMember member)
    {
        _sent++;
        foreach (Fault fault in faults.Where(f => f.AfterDefrag == _sent && f.AfterConfirmation == 0))
            Plan(fault, fault.Member < 0 ? member : cluster.Members[fault.Member % cluster.Members.Count]);
    }

    private void Plan(Fault fault, SimulatedMember member)
    {
        (Action begin, Action end) = Make(fault, member);
        if (fault.Delay == TimeSpan.Zero && fault.AfterDefrag == 0 && fault.AfterConfirmation == 0)
            begin();
        else
            cluster.Time.After(fault.Delay, begin);
        if (fault.Lasts is { } lasts)
            cluster.Time.After(fault.Delay + lasts, end);
    }

    private (Action Begin, Action End) Make(Fault fault, SimulatedMember member) =>
        fault.Kind switch
        {
            FaultKind.Kill => (member.Kill, member.Restart),
            FaultKind.Suspend => (member.Suspend, member.Resume),
            FaultKind.BreakConnections => (() => cluster.BreakConnections(member), Nothing),
            FaultKind.BlackHole => (() => member.Set(NetworkState.BlackHole), () => member.Set(NetworkState.Open)),
            FaultKind.Refuse => (() => Refuse(member), () => member.Set(NetworkState.Open)),
            FaultKind.CutFromPeers => (() => member.CutFromPeers(true), () => member.CutFromPeers(false)),
            FaultKind.ForeignDefrag => (() => DefragmentElsewhere(member), Nothing),
            FaultKind.MoveLead => (() => MoveLead(member), Nothing),
            FaultKind.ArmCorrupt => (() => cluster.Arm(member, EtcdAlarmType.Corrupt), Nothing),
            FaultKind.ArmNoSpace => (() => cluster.Arm(member, EtcdAlarmType.NoSpace), Nothing),
            FaultKind.FillDisk => (() => member.IsDiskFull = true, () => member.IsDiskFull = false),
            FaultKind.HideMetrics => (() => member.HasMetrics = false, () => member.HasMetrics = true),
            FaultKind.StaleList => (() => member.StaleList = [member.Entry], () => member.StaleList = null),
            FaultKind.OtherAnswers => (() => member.AnswerBy(cluster.Members[0]), () => member.AnswerBy(null)),
            FaultKind.FallBehind => (() => member.FallBehind(100_000), Nothing),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, null),
        };

    private static void Nothing() { }

    private void Refuse(SimulatedMember member)
    {
        member.Set(NetworkState.Refusing);
        cluster.BreakConnections(member);
    }

    private static void DefragmentElsewhere(SimulatedMember member)
    {
        if (member.CanAnswer && !member.IsLearner)
            member.Enqueue(isOurs: false);
    }

    private void MoveLead(SimulatedMember member)
    {
        if (member is { IsLearner: false, IsWithPeers: true } && cluster.IsServing)
            cluster.Lead(member);
    }
}
