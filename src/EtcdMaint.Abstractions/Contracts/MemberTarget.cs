namespace EtcdMaint;

/// <summary>A member that an operation was given, with what an earlier cmdlet of the pipeline said of it.</summary>
internal sealed record MemberTarget(
    EtcdMember Member,
    UpstreamState Upstream = UpstreamState.Done,
    string? Reason = null
);
