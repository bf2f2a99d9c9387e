using System.Security;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>How etcdctl reaches the member, as seen from the place where it is run.</summary>
internal sealed record EtcdctlSettings
{
    /// <summary>Name or path of the program there.</summary>
    public string Program { get; init; } = "etcdctl";

    /// <summary>The member's own client endpoint, usually a loopback one.</summary>
    public required EtcdEndpoint Endpoint { get; init; }

    /// <summary>
    /// Whether it is run on the member's own host, so that nothing but the member can keep it waiting.
    /// </summary>
    public bool IsBesideMember { get; init; }

    /// <summary>Paths as they are there; null leaves the flag out.</summary>
    public string? CAFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public bool SkipCertificateCheck { get; init; }

    /// <summary>Whether the runner gives etcdctl no variables but those that are meant for it.</summary>
    public bool OwnsEnvironment { get; init; }

    /// <summary>
    /// The variables of etcdctl that are known to be set where it is run, by their whole names, with null for a value
    /// that is not known. There may be others.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null where nobody logs in, or where the runner has the login in its environment.</summary>
    public EtcdctlLogin? Login { get; init; }
}

/// <summary>An etcd user for etcdctl.</summary>
internal sealed record EtcdctlLogin(string UserName, SecureString Password);
