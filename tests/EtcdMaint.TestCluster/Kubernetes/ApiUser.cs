namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>Somebody who may log in to the API server, and what he may do there.</summary>
public sealed record ApiUser(string Name)
{
    /// <summary>Null for one who logs in by certificate only.</summary>
    public string? Token { get; init; }

    /// <summary>Whether a role allows it; by default everything is allowed.</summary>
    public Func<ApiAction, bool> May { get; init; } = _ => true;
}

/// <summary>What a role's rule speaks of. The namespace is null for requests over all of them.</summary>
public sealed record ApiAction(string Verb, string Resource, string? Namespace);
