namespace EtcdMaint.Simulation.Server;

/// <summary>A call that the server refuses, with the code and the text of etcd.</summary>
/// <remarks>Source: etcd-io/etcd, api/v3rpc/rpctypes/error.go.</remarks>
internal sealed class GrpcException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    public static GrpcException Compacted() => new(11, "etcdserver: mvcc: required revision has been compacted");

    public static GrpcException FutureRevision() => new(11, "etcdserver: mvcc: required revision is a future revision");

    public static GrpcException NoSpace() => new(8, "etcdserver: mvcc: database space exceeded");

    public static GrpcException LeaseNotFound() => new(5, "etcdserver: requested lease not found");

    public static GrpcException NotLeader() => new(9, "etcdserver: not leader");

    public static GrpcException BadTransferee() => new(9, "etcdserver: bad leader transferee");

    public static GrpcException RoleExists() => new(9, "etcdserver: role name already exists");

    public static GrpcException RoleNotFound() => new(9, "etcdserver: role name not found");

    public static GrpcException AuthNotEnabled() => new(9, "etcdserver: authentication is not enabled");

    public static GrpcException Unimplemented(string what) => new(12, $"the simulation has no {what}");
}
