namespace EtcdMaint;

/// <summary>
/// A member that an operation works on, with the result that an earlier cmdlet of the pipeline reported for it.
/// </summary>
internal sealed record MemberTarget(
    EtcdMember Member,
    UpstreamState Upstream = UpstreamState.Done,
    string? Reason = null,
    string? Brief = null
);
