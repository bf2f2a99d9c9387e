using EtcdMaint.Engine.Wire.Kubernetes;
using Google.Protobuf;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>Values of leases as the API server of Kubernetes stores them.</summary>
internal static class LeaseValues
{
    /// <summary>The tag, the length and the content of the first field of a Lease, its ObjectMeta.</summary>
    private static readonly byte[] Metadata = [0x0A, 6, 0x0A, 4, .. "name"u8];

    public static byte[] Of(string? holder, int transitions = 0, DateTimeOffset? renewedAt = null) =>
        Of(
            new LeaseSpec
            {
                HolderIdentity = holder ?? "",
                LeaseDurationSeconds = 15,
                AcquireTime = TimeOf(renewedAt),
                RenewTime = TimeOf(renewedAt),
                LeaseTransitions = transitions,
            }
        );

    public static byte[] Of(LeaseSpec spec, Action<Unknown>? with = null)
    {
        var envelope = new Unknown
        {
            TypeMeta = new TypeMeta { ApiVersion = "coordination.k8s.io/v1", Kind = "Lease" },
            Raw = ByteString.CopyFrom([.. Metadata, .. new Lease { Spec = spec }.ToByteArray()]),
        };
        with?.Invoke(envelope);
        return [.. "k8s\0"u8, .. envelope.ToByteArray()];
    }

    public static LeaseSpec SpecOf(ByteString value) =>
        Lease.Parser.ParseFrom(Unknown.Parser.ParseFrom(value.Span[4..]).Raw).Spec;

    private static MicroTime? TimeOf(DateTimeOffset? time) =>
        time is null
            ? null
            : new MicroTime
            {
                Seconds = time.Value.ToUnixTimeSeconds(),
                Nanos = (int)(time.Value.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick),
            };
}
