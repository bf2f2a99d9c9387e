using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;
using static EtcdMaint.EtcdMaintenanceStatus;

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>
/// Decides, before anything is touched, whether the cluster is to be worked on: its owner's veto, its health, and
/// whether anything is worth it.
/// </summary>
internal sealed class Admission(
    ClusterContext context, EtcdConnection connection, MaintenanceRequest request, Obstacles obstacles, StepRecorder rows, MaintenanceDiary diary)
{
    /// <summary>Why maintenance is due; null when the run ends here, and the diary says how.</summary>
    public async Task<string?> FindReasonAsync(EtcdHealthReport health, EtcdFinding? obstacle, CancellationToken stop)
    {
        // Where nobody answered there is no key to read either, and asking would cost the time limit once more.
        if (health.MemberStatus.Length > 0 && await ReadKillSwitchAsync(isSick: obstacle is not null, stop).ConfigureAwait(false) is { } disabled)
        {
            diary.End(Skipped, disabled);
            return null;
        }
        if (obstacle is not null)
            return Refuse(obstacle, health);
        if (await MaintenanceDuePolicy.EvaluateAsync(health, request.Defrag).ConfigureAwait(false) is { } reason)
        {
            if (obstacles.FindAgainstDefrag(health) is { } inTheWay)
                return Refuse(inTheWay, health);
            rows.Tell($"{connection.ClusterName}: maintenance is due: {reason}.");
            return reason;
        }
        string nothing = $"nothing is worth a pause: {MaintenanceDuePolicy.DescribeMost(health)}";
        rows.Tell($"{connection.ClusterName}: {nothing}.");
        diary.End(NothingToDo, nothing);
        return null;
    }

    private string? Refuse(EtcdFinding finding, EtcdHealthReport health)
    {
        string? action = Obstacles.OverriddenBy(finding) is { } gate && !obstacles.AnyHolds(health)
            ? GateRefusal.Overridable(finding.RecommendedAction, gate)
            : finding.RecommendedAction;
        rows.Fail(new EtcdException(finding.FindingId, EtcdErrorCategory.InvalidOperation, finding.Message, action, connection.ClusterName));
        diary.End(Failed, finding.Message);
        return null;
    }

    private async Task<string?> ReadKillSwitchAsync(bool isSick, CancellationToken stop)
    {
        var limit = new CallLimit(request.CallTimeout, stop);
        try
        {
            return await KillSwitch.ReadAsync(await context.SurveyAsync(limit).ConfigureAwait(false), limit).ConfigureAwait(false);
        }
        catch (EtcdException) when (isSick)
        {
            // A cluster that is not worked on anyway; what is wrong with it is the better answer.
            return null;
        }
    }
}
