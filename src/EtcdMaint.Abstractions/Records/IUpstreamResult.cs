namespace EtcdMaint;

/// <summary>The meaning of a result for the next cmdlet of the pipeline.</summary>
internal enum UpstreamState
{
    /// <summary>The operation succeeded, or there was nothing to do.</summary>
    Done,

    /// <summary>The operation was only planned, so the next cmdlet only plans too.</summary>
    Planned,

    /// <summary>The operation failed or was never attempted, so the next cmdlet does not change the member.</summary>
    Failed,
}

internal interface IUpstreamResult : IEtcdMemberRecord
{
    UpstreamState Upstream { get; }

    string? Reason { get; }

    /// <summary>The reason in few words; null if <see cref="Reason"/> is short.</summary>
    string? Brief { get; }
}
