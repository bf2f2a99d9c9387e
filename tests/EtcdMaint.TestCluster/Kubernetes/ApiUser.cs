namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>A user of the API server, and the user's permissions.</summary>
public sealed record ApiUser(string Name)
{
    /// <summary>Null for a user who can log in only with a certificate.</summary>
    public string? Token { get; init; }

    /// <summary>Whether a role allows it; by default everything is allowed.</summary>
    public Func<ApiAction, bool> May { get; init; } = _ => true;
}

/// <summary>The subject of a role's rule. The namespace is null for requests over all namespaces.</summary>
public sealed record ApiAction(string Verb, string Resource, string? Namespace);
