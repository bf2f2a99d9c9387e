using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Wire.Kubernetes;
using Google.Protobuf;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>The values of leases as the API server stores them, and values that are ignored.</summary>
public sealed class LeaseMapperTests
{
    private const string Prefix = "/registry/leases/";

    private const string Key = "/registry/leases/kube-system/kube-scheduler";

    /// <summary>A complete value, written byte by byte from the definitions of Kubernetes.</summary>
    private static readonly byte[] Complete =
    [
        // k8s, zero byte
        .. "k8s\0"u8,
        // Unknown.typeMeta: apiVersion, kind
        0x0A,
        31,
        0x0A,
        22,
        .. "coordination.k8s.io/v1"u8,
        0x12,
        5,
        .. "Lease"u8,
        // Unknown.raw: Lease
        0x12,
        34,
        // Lease.metadata: ObjectMeta with a name
        0x0A,
        3,
        0x0A,
        1,
        .. "x"u8,
        // Lease.spec
        0x12,
        27,
        // holderIdentity
        0x0A,
        6,
        .. "node_1"u8,
        // leaseDurationSeconds 15
        0x10,
        15,
        // acquireTime: 2 s
        0x1A,
        2,
        0x08,
        2,
        // renewTime: 100 s, 5,000 ns
        0x22,
        5,
        0x08,
        100,
        0x10,
        0x88,
        0x27,
        // leaseTransitions 7
        0x28,
        7,
        // preferredHolder, which this module does not know
        0x3A,
        2,
        .. "zz"u8,
        // Unknown.contentEncoding, Unknown.contentType: both empty
        0x1A,
        0,
        0x22,
        0,
    ];

    [Fact]
    public void A_value_of_the_API_server_is_read()
    {
        EtcdLease lease = Read(Complete)!;
        Assert.Equal("prod", lease.ClusterName);
        Assert.Equal("8e9e05c5", lease.ClusterId);
        Assert.Equal("kube-system", lease.Namespace);
        Assert.Equal("kube-scheduler", lease.Name);
        Assert.Equal("node_1", lease.Holder);
        Assert.Equal(7, lease.Transitions);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(100).AddTicks(50), lease.RenewedAt);
        Assert.Equal("kube-system/kube-scheduler (node_1)", lease.ToString());
    }

    [Fact]
    public void A_released_lease_has_no_holder()
    {
        EtcdLease lease = Read(LeaseValues.Of(holder: null, transitions: 3))!;
        Assert.Null(lease.Holder);
        Assert.Null(lease.RenewedAt);
        Assert.Equal(3, lease.Transitions);
        Assert.Equal("kube-system/kube-scheduler", lease.ToString());
    }

    [Fact]
    public void A_lease_without_a_spec_has_no_holder() =>
        Assert.Null(
            Read([
                .. "k8s\0"u8,
                .. new Unknown { TypeMeta = TypeOf("coordination.k8s.io/v1", "Lease") }.ToByteArray(),
            ])!.Holder
        );

    [Fact]
    public void A_holder_with_control_characters_becomes_plain_text() =>
        Assert.Equal("a\uFFFD[31mb", Read(LeaseValues.Of("a\u001b[31mb"))!.Holder);

    public static TheoryData<string, byte[]> Ignored =>
        new()
        {
            { "empty", [] },
            { "JSON", Encoding.UTF8.GetBytes("""{"kind":"Lease","spec":{"holderIdentity":"a"}}""") },
            { "encrypted", Encoding.UTF8.GetBytes("k8s:enc:aescbc:v1:key1:\u0001\u0002\u0003") },
            { "cut", LeaseValues.Of("holder")[..^7] },
            { "damaged", [.. "k8s\0"u8, 0xFF, 0xFF, 0xFF] },
            { "another kind", LeaseValues.Of(new LeaseSpec(), u => u.TypeMeta = TypeOf("v1", "ConfigMap")) },
            { "another group", LeaseValues.Of(new LeaseSpec(), u => u.TypeMeta = TypeOf("example.com/v1", "Lease")) },
            { "no type", LeaseValues.Of(new LeaseSpec(), u => u.TypeMeta = null) },
            { "compressed", LeaseValues.Of(new LeaseSpec(), u => u.ContentEncoding = "gzip") },
            { "raw JSON", LeaseValues.Of(new LeaseSpec(), u => u.ContentType = "application/json") },
            {
                "a time that does not exist",
                LeaseValues.Of(new LeaseSpec { RenewTime = new MicroTime { Seconds = long.MaxValue } })
            },
        };

    [Theory]
    [MemberData(nameof(Ignored))]
    public void A_value_in_another_encoding_is_ignored(string what, byte[] value) =>
        Assert.True(Read(value) is null, what);

    [Theory]
    [InlineData("/registry/leases/kube-scheduler")]
    [InlineData("/registry/leases/kube-system/")]
    [InlineData("/registry/leases//kube-scheduler")]
    [InlineData("/registry/leases/a/b/c")]
    public void A_key_that_does_not_name_a_lease_is_ignored(string key) => Assert.Null(Read(Complete, key));

    private static TypeMeta TypeOf(string version, string kind) => new() { ApiVersion = version, Kind = kind };

    private static EtcdLease? Read(byte[] value, string key = Key) =>
        new LeaseMapper("prod", "8e9e05c5").Read(Prefix, new StoredKey(key, value));
}
