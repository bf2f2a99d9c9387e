namespace EtcdMaint.TestCluster;

/// <summary>The content of a certificate; the default is a client certificate that is valid for a day.</summary>
public sealed record CertificateSubject(string CommonName)
{
    public IReadOnlyList<string> HostNames { get; init; } = [];

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public bool ForServer { get; init; }

    public bool ForClient { get; init; } = true;

    /// <summary>Whether it contains the ID of the key that signed it; certificates of old tools do not.</summary>
    public bool HasKeyIdentifier { get; init; } = true;

    public DateTimeOffset ValidFrom { get; init; } = DateTimeOffset.UtcNow.AddHours(-1);

    public DateTimeOffset ValidUntil { get; init; } = DateTimeOffset.UtcNow.AddDays(1);

    public CertificateSubject Expired() =>
        this with
        {
            ValidFrom = DateTimeOffset.UtcNow.AddDays(-10),
            ValidUntil = DateTimeOffset.UtcNow.AddDays(-1),
        };
}
