using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Hands leadership to the best voter, or to the one that is given.</summary>
[Cmdlet(VerbsCommon.Move, "EtcdLeader", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(EtcdMemberStatus))]
public sealed class MoveEtcdLeaderCommand : ClusterCommand
{
    private readonly List<EtcdMember> _members = [];

    /// <summary>The voter that is to lead; the best one unless given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public EtcdMember? Member { get; set; }

    private protected override bool Changes => true;

    /// <summary>Gathers what the pipeline brings.</summary>
    protected override void ProcessRecord()
    {
        if (Member?.Connection is { } connection)
        {
            _members.Add(Member);
            Connection = [connection];
        }
        base.ProcessRecord();
    }

    private protected override void CheckArguments()
    {
        if (IsBound(nameof(Member)) && _members.Count == 0)
            throw InputErrors.MemberWithoutConnection();
        if (_members.GroupBy(member => member.ClusterId).Any(cluster => cluster.Select(member => member.MemberId).Distinct().Count() > 1))
            throw InputErrors.SeveralLeaders();
    }

    private protected override async Task RunAsync(IReadOnlyList<EtcdConnection> connections, IRunObserver observer, CancellationToken stop)
    {
        foreach (EtcdConnection connection in connections)
        {
            EtcdMember? to = _members.Find(member => member.Connection == connection || member.ClusterId == connection.ClusterId);
            try
            {
                if (await connection.Cluster.MoveLeaderAsync(to, CallTimeout, observer, stop) is { } leader)
                    observer.Emit(leader);
            }
            catch (EtcdException error) when (connections.Count > 1)
            {
                observer.Fail(error);
            }
        }
    }
}
