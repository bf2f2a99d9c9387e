using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>The identity of a cluster that has not answered yet.</summary>
internal static class FreshIdentity
{
    public static ClusterIdentity Create() => new(new EtcdConnection("test", EtcdAccess.Endpoint, [], null, null!));
}
