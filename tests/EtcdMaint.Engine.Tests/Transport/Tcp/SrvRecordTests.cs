using EtcdMaint.Engine.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Transport.Tcp;

/// <summary>
/// The names of the records with which etcdctl finds a cluster (etcd-io/etcd, client/pkg/srv/srv_test.go).
/// </summary>
public sealed class SrvRecordTests
{
    [Theory]
    [InlineData(null, "_etcd-client-ssl._tcp.example.com", "_etcd-client._tcp.example.com")]
    [InlineData("foo", "_etcd-client-ssl-foo._tcp.example.com", "_etcd-client-foo._tcp.example.com")]
    public void Names_follow_the_service_name(string? name, string secure, string plain)
    {
        var records = new SrvRecords("example.com", name);
        Assert.Equal((secure, plain), (records.SecureName, records.PlainName));
    }
}
