using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Provides the members of one cluster: the clients of the known addresses, and other addresses at which a member may
/// be found.
/// </summary>
internal interface IMemberSource : IAsyncDisposable
{
    /// <summary>Whether each request runs a program, which takes longer than the answer itself.</summary>
    bool RunsPrograms => false;

    /// <summary>
    /// Whether each of these programs also needs a process of this machine. One call uses a limited number of them.
    /// </summary>
    bool RunsProgramsHere => RunsPrograms;

    /// <summary>
    /// Returns the clients of the specified or found addresses. The caller determines which member answers at each of
    /// them.
    /// </summary>
    Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit);

    /// <summary>
    /// Returns other addresses at which a member may be tried if it answers at none of the known ones.
    /// </summary>
    IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member);

    /// <summary>Returns why an address that the member advertises is not tried, or null if all are tried.</summary>
    string? WhyNotTried(MemberEntry member) => null;

    /// <summary>
    /// Returns the current run of the process of the member, as its supervisor counts it, or null if it is not visible.
    /// Throws only if the call is cancelled.
    /// </summary>
    Task<ProcessRun?> ReadProcessRunAsync(IMemberClient client, CallBudget limit) => Task.FromResult<ProcessRun?>(null);

    /// <summary>
    /// Returns the settings with which the process of the member was started, or null if they are not visible. Throws
    /// only if the call is cancelled.
    /// </summary>
    Task<MemberSettings?> ReadSettingsAsync(IMemberClient client, CallBudget limit) =>
        Task.FromResult<MemberSettings?>(null);

    /// <summary>
    /// Closes the streams to all members, because no operation uses them at present. The next call opens them again.
    /// </summary>
    void CloseStreams() { }
}
