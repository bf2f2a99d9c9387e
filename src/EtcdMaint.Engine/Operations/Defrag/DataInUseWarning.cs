using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Warns before a run on a cluster that refuses writes if the members have almost no free pages and the history was not
/// compacted. The run would then pause every member and return almost nothing.
/// </summary>
internal sealed class DataInUseWarning(string clusterName, DefragRequest request, IRunObserver observer)
{
    /// <summary>Whether the file has so few free pages that a defragmentation returns almost nothing.</summary>
    public static bool IsNearlyAllInUse(StatusReply status) =>
        status.FreeBytes < Limits.Defrag.NegligibleRatio * status.DbSize;

    public async Task WarnAsync(
        ClusterState state,
        IReadOnlyCollection<MemberReading> chosen,
        CancellationToken cancellationToken
    )
    {
        StatusReply[] sizes = [.. chosen.Select(reading => reading.Status).OfType<StatusReply>()];
        long newest = sizes.Length == 0 ? 0 : sizes.Max(status => status.Header.Revision);
        if (
            newest <= 1
            || !state.Voters.Any(voter => voter.Status is { } status && AlarmStrings.HasNoSpace(status))
            || !Array.TrueForAll(sizes, IsNearlyAllInUse)
        )
            return;
        try
        {
            var limit = new CallBudget(request.CallTimeout, cancellationToken);
            if (
                await ClusterContext
                    .AskAnyVoterAsync(state.ClusterMembership, client => client.IsCompactedAsync(newest, limit))
                    .ConfigureAwait(false)
            )
                return;
        }
        catch (EtcdException)
        {
            // The run itself reports what prevents it. Without the answer, the warning could be wrong.
            return;
        }
        string members = string.Join(", ", chosen.Select(reading => reading.Member));
        observer.Warn(
            $"DataInUse: {clusterName} refuses writes (NOSPACE), and its history was not compacted. The data is still "
                + $"in use: only {ByteText.Of(sizes.Sum(status => status.FreeBytes))} of "
                + $"{ByteText.Of(sizes.Sum(status => status.DbSize))} are free on {members}. This line removes the "
                + $"history first: {CommandLines.Rescue}"
        );
    }
}
