namespace EtcdMaint.Engine.Clients;

/// <summary>Where a member is reached, in words for people.</summary>
/// <param name="Endpoint">A URL, or the command's target where there is none.</param>
internal sealed record MemberPlace(string Endpoint, string? PodName = null, string? NodeName = null)
{
    public override string ToString() => PodName is null ? Endpoint : $"{Endpoint} (pod {PodName})";
}
