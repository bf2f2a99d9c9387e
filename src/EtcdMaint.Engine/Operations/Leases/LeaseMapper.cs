using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Wire.Kubernetes;
using Google.Protobuf;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>
/// Maps the values that the API server of Kubernetes stores for its leases. Of a value, only the holder, the number of
/// transitions and the renewal are kept.
/// </summary>
internal sealed class LeaseMapper(string clusterName, string clusterId)
{
    private static readonly MessageParser<Unknown> Envelopes = Unknown.Parser.WithDiscardUnknownFields(true);

    private static readonly MessageParser<Lease> Leases = Lease.Parser.WithDiscardUnknownFields(true);

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>
    /// Returns null for a key that does not name a lease, and for a value in another encoding: JSON, encrypted, or
    /// damaged.
    /// </summary>
    /// <param name="prefix">The prefix of all leases, which ends with a slash.</param>
    /// <param name="stored">The key and its value.</param>
    public EtcdLease? Read(string prefix, StoredKey stored)
    {
        if (
            stored.Key[prefix.Length..].Split('/') is not [{ Length: > 0 } space, { Length: > 0 } name]
            || ReadSpec(stored.Value) is not { } spec
            || !TryReadTime(spec.RenewTime, out DateTimeOffset? renewedAt)
        )
            return null;
        return new EtcdLease
        {
            ClusterName = clusterName,
            ClusterId = clusterId,
            Namespace = space,
            Name = name,
            Holder = spec.HolderIdentity.Length > 0 ? spec.HolderIdentity : null,
            Transitions = spec.LeaseTransitions,
            RenewedAt = renewedAt,
        };
    }

    private static LeaseSpec? ReadSpec(byte[] value)
    {
        if (!value.AsSpan().StartsWith(Magic))
            return null;
        try
        {
            Unknown envelope = Envelopes.ParseFrom(value.AsSpan(Magic.Length));
            return
                envelope is { TypeMeta.Kind: "Lease", ContentEncoding: "" }
                && envelope.TypeMeta.ApiVersion.StartsWith("coordination.k8s.io/", StringComparison.Ordinal)
                && envelope.ContentType is "" or "application/vnd.kubernetes.protobuf"
                ? Leases.ParseFrom(envelope.Raw).Spec ?? new LeaseSpec()
                : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Returns false for a time that does not exist. Kubernetes stores no time as zero.</summary>
    private static bool TryReadTime(MicroTime? time, out DateTimeOffset? read)
    {
        read = null;
        if (time is null or { Seconds: 0, Nanos: 0 })
            return true;
        try
        {
            read = DateTimeOffset.FromUnixTimeSeconds(time.Seconds).AddTicks(time.Nanos / TimeSpan.NanosecondsPerTick);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
