using System.Security;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clients.Etcdctl;

/// <summary>How etcdctl reaches the member, as seen from the place where it is run.</summary>
internal sealed record EtcdctlSettings
{
    /// <summary>Name or path of the program there.</summary>
    public string Program { get; init; } = "etcdctl";

    /// <summary>The member's own client endpoint, usually a loopback one.</summary>
    public required EtcdEndpoint Endpoint { get; init; }

    /// <summary>Whether it is run on the member's own host, so that nothing but the member can keep it waiting.</summary>
    public bool IsBesideMember { get; init; }

    /// <summary>Paths as they are there; null leaves the flag out.</summary>
    public string? CAFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>Null where nobody logs in, or where the runner has the login in its environment.</summary>
    public EtcdctlLogin? Login { get; init; }
}

/// <summary>An etcd user for etcdctl.</summary>
internal sealed record EtcdctlLogin(string UserName, SecureString Password);
