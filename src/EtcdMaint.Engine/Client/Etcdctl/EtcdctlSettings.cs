using System.Security;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>How etcdctl reaches the member, as seen from where etcdctl runs.</summary>
internal sealed record EtcdctlSettings
{
    /// <summary>The name or path of etcdctl there.</summary>
    public string Program { get; init; } = "etcdctl";

    /// <summary>The member's own client endpoint, usually on the loopback address.</summary>
    public required EtcdEndpoint Endpoint { get; init; }

    /// <summary>Whether etcdctl runs on the host of the member, so that only the member can keep it waiting.</summary>
    public bool IsBesideMember { get; init; }

    /// <summary>
    /// Whether etcdctl is probably older than 3.6, which has no local read of the member list. If this is wrong, an
    /// answer is not used.
    /// </summary>
    public bool IsProbablyOld { get; init; }

    /// <summary>The path of the file where etcdctl runs, or null to omit the flag.</summary>
    public string? CAFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>Whether the runner passes only the intended variables to etcdctl.</summary>
    public bool OwnsEnvironment { get; init; }

    /// <summary>
    /// The variables of etcdctl that are known to be set where it runs, by full name. The value is null if it is
    /// unknown. Other variables may be set too.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The login, or null if there is none or if the runner has it in its environment.</summary>
    public EtcdctlLogin? Login { get; init; }
}

/// <summary>An etcd user for etcdctl.</summary>
internal sealed record EtcdctlLogin(string UserName, SecureString Password);
