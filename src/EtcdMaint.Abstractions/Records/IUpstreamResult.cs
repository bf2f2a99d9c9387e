namespace EtcdMaint;

/// <summary>How a result looks to the next cmdlet of the pipeline.</summary>
internal enum UpstreamState
{
    /// <summary>The work was done, or nothing had to be done.</summary>
    Done,

    /// <summary>The work was only planned, so the next cmdlet only plans too.</summary>
    Planned,

    /// <summary>The work failed or was never tried, so the next cmdlet leaves the member alone.</summary>
    Failed,
}

internal interface IUpstreamResult : IEtcdMemberRecord
{
    UpstreamState Upstream { get; }

    string? Reason { get; }
}
