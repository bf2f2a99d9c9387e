using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>Decides whether the API server accepts a request: planned refusals, logins and roles.</summary>
internal sealed class ApiDoor(ApiFaults faults, List<ApiUser> users, string authorityPem, bool checksSecondAction)
{
    public async Task<bool> IsClosedAsync(HttpContext context, ApiRoute route)
    {
        if (faults.Next(route.Kind) is { } planned)
        {
            if (planned.RetryAfter is { } after)
                context.Response.Headers.RetryAfter = $"{(int)Math.Ceiling(after.TotalSeconds)}";
            await ApiStatus.WriteAsync(context, planned.Code, planned.Message);
            return true;
        }
        if (FindUser(context) is not { } user)
        {
            await ApiStatus.WriteAsync(context, 401, "Unauthorized");
            return true;
        }
        if (FindMissing(user, route) is not { } reason)
            return false;
        string kind = route.Action.Resource.Split('/')[0];
        string name = route.Name is null ? "" : $"\"{route.Name}\" ";
        await ApiStatus.WriteAsync(context, 403, $"{kind} {name}is forbidden: {reason}");
        return true;
    }

    /// <summary>
    /// The reason in the words of the API server, or null if a role allows the request. The second check gives the
    /// reason of the authorizer, and RBAC gives none. Source: kubernetes/kubernetes,
    /// pkg/registry/core/pod/rest/authorize.go.
    /// </summary>
    private string? FindMissing(ApiUser user, ApiRoute route)
    {
        if (user.May(route.Action))
            return checksSecondAction && route.SecondAction is { } second && !user.May(second) ? "" : null;
        string where = route.Action.Namespace is { } place ? $"in the namespace \"{place}\"" : "at the cluster scope";
        return $"User \"{user.Name}\" cannot {route.Action.Verb} resource \"{route.Action.Resource}\" "
            + $"in API group \"\" {where}";
    }

    private ApiUser? FindUser(HttpContext context)
    {
        string? token =
            context.Request.Headers.Authorization.ToString() is { } header
            && header.StartsWith("Bearer ", StringComparison.Ordinal)
                ? header["Bearer ".Length..]
                : null;
        if (token is not null)
            return users.Find(u => u.Token == token);
        if (
            context.Connection.ClientCertificate is not { } certificate
            || certificate.NotAfter < DateTime.Now
            || !IsOwn(certificate)
        )
            return null;
        return users.Find(u => u.Name == certificate.GetNameInfo(X509NameType.SimpleName, false));
    }

    private bool IsOwn(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authorityPem));
        return chain.Build(certificate);
    }
}
