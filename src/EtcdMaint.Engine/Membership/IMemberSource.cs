using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>A way in to the members of one cluster: who can be asked, and where else a member might be found.</summary>
internal interface IMemberSource : IAsyncDisposable
{
    /// <summary>Whether each question is the run of a program, which costs more than the answer.</summary>
    bool RunsPrograms => false;

    /// <summary>
    /// The places that were given or found. Which member answers at each is for the caller to find out.
    /// </summary>
    Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit);

    /// <summary>Places at which this member, for which none of the given ones answers, may be tried.</summary>
    IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member);

    /// <summary>Why a place that this member names itself is not among them; null when none is left out.</summary>
    string? WhyNotTried(MemberEntry member) => null;

    /// <summary>
    /// Which run of its process the member at this place is in, as its supervisor counts; null where that cannot be
    /// seen. Throws nothing but on a stop.
    /// </summary>
    Task<ProcessRun?> ReadProcessRunAsync(IMemberClient client, CallBudget limit) => Task.FromResult<ProcessRun?>(null);
}
