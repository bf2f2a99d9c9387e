using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tls;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads the configuration as kubectl does: the file given, else the files that <c>KUBECONFIG</c> lists of which the
/// first to name something wins and those that do not exist are passed over, else the file at home, else the pod's own
/// account.
/// </summary>
internal static class KubeConfigLoader
{
    private const string InCluster = "in-cluster";

    /// <summary>The context that would be used; no file or program that it needs is looked at or run.</summary>
    public static KubernetesContext Find(IReadOnlyList<string> listed) =>
        FindFiles(null, listed) is { Count: > 0 } paths ? Describe(Choose(paths, null))
        : KubernetesClientConfiguration.IsInCluster() ? new KubernetesContext(InCluster, InCluster)
        : throw NothingFound();

    /// <summary>The names of all contexts of the file given, or of kubectl's; none where there is no file.</summary>
    public static IReadOnlyList<string> ListContexts(KubernetesConnectRequest request) =>
        [
            .. FindFiles(request.KubeConfig, request.ListedKubeConfigs)
                .SelectMany(file => KubeConfigFile.Read(file).Contexts.Keys)
                .Distinct(),
        ];

    private static KubernetesContext Describe((KubeConfigFile Config, string Name, KubeNode Entry) chosen)
    {
        KubeNode? cluster = Named(chosen.Config.Clusters, chosen.Entry, "cluster", chosen.Name);
        string?[] parts =
        [
            chosen.Name,
            cluster?.Text("server"),
            cluster?.Text("certificate-authority-data"),
            cluster?.FilePath("certificate-authority"),
            chosen.Entry.Text("user"),
            chosen.Entry.Text("namespace"),
        ];
        return new KubernetesContext(chosen.Name, string.Join('\n', parts));
    }

    /// <summary>
    /// An exception that no check foresaw is an error of this kubeconfig only, like the others. Its text may quote a
    /// secret.
    /// </summary>
    public static ApiServerSettings Load(KubernetesConnectRequest request, Action<string> tell)
    {
        try
        {
            return Read(request, tell);
        }
        catch (Exception unforeseen) when (unforeseen is not EtcdException)
        {
            throw KubeConfigErrors.Unusable(
                $"The kubeconfig cannot be used ({unforeseen.GetType().Name}).",
                "Correct the kubeconfig.",
                request.KubeConfig,
                null
            );
        }
    }

    private static ApiServerSettings Read(KubernetesConnectRequest request, Action<string> tell)
    {
        IReadOnlyList<string> paths = FindFiles(request.KubeConfig, request.ListedKubeConfigs);
        if (paths.Count == 0)
            return LoadInCluster(request.Context, tell);

        (KubeConfigFile config, string chosen, KubeNode entry) = Choose(paths, request.Context);
        tell($"Kubernetes: context {chosen} of {string.Join(", ", paths)}.");
        return Combine(
            chosen,
            entry,
            Named(config.Clusters, entry, "cluster", chosen),
            Named(config.Users, entry, "user", chosen)
        );
    }

    private static (KubeConfigFile Config, string Name, KubeNode Entry) Choose(
        IReadOnlyList<string> paths,
        string? context
    )
    {
        KubeConfigFile config = Merge(paths.Select(KubeConfigFile.Read));
        string chosen =
            context
            ?? config.CurrentContext
            ?? throw KubeConfigErrors.Unusable(
                "The kubeconfig has no current context.",
                "Give one with -Context, or set it with 'kubectl config use-context'.",
                string.Join(", ", paths),
                null
            );
        return config.Contexts.TryGetValue(chosen, out KubeNode? entry)
            ? (config, chosen, entry)
            : throw KubeConfigErrors.ContextMissing(chosen, config.Contexts.Keys);
    }

    private static IReadOnlyList<string> FindFiles(string? path, IReadOnlyList<string> listed)
    {
        if (path is not null)
            return File.Exists(path) ? [path] : throw KubeConfigErrors.NotFound($"There is no kubeconfig at {path}.");
        if (listed.Count > 0)
        {
            string[] present = [.. listed.Distinct().Where(File.Exists)];
            return present.Length > 0
                ? present
                : throw KubeConfigErrors.NotFound(
                    $"KUBECONFIG names no file that exists: {string.Join(", ", listed)}."
                );
        }
        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home) ? [home] : [];
    }

    private static KubeConfigFile Merge(IEnumerable<KubeConfigFile> files) =>
        files.Aggregate(
            (first, next) =>
                new KubeConfigFile
                {
                    CurrentContext = first.CurrentContext ?? next.CurrentContext,
                    Clusters = Merge(first.Clusters, next.Clusters),
                    Users = Merge(first.Users, next.Users),
                    Contexts = Merge(first.Contexts, next.Contexts),
                }
        );

    private static Dictionary<string, KubeNode> Merge(
        IReadOnlyDictionary<string, KubeNode> first,
        IReadOnlyDictionary<string, KubeNode> next
    )
    {
        var merged = new Dictionary<string, KubeNode>(first);
        foreach ((string name, KubeNode node) in next)
            merged.TryAdd(name, node);
        return merged;
    }

    private static KubeNode? Named(
        IReadOnlyDictionary<string, KubeNode> all,
        KubeNode context,
        string kind,
        string contextName
    )
    {
        if (context.Text(kind) is not { } name)
            return null;
        return all.TryGetValue(name, out KubeNode? found)
            ? found
            : throw KubeConfigErrors.Unusable(
                $"The context {contextName} names the {kind} '{name}', which the kubeconfig does not have.",
                "Correct the kubeconfig.",
                name,
                null
            );
    }

    private static ApiServerSettings Combine(string name, KubeNode context, KubeNode? cluster, KubeNode? user)
    {
        if (
            cluster?.Text("server") is not { } server
            || !Uri.TryCreate(server, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https")
        )
            throw KubeConfigErrors.Unusable(
                $"The context {name} has no usable server.",
                "Correct the kubeconfig.",
                name,
                null
            );
        ExecPlugin? plugin = user is null ? null : ReadPlugin(user, cluster);
        return new ApiServerSettings
        {
            Server = uri,
            Name = name,
            Namespace = context.Text("namespace"),
            Authorities = ReadAuthorities(cluster),
            SkipCertificateCheck = cluster.Flag("insecure-skip-tls-verify"),
            ServerName = ReadServerName(cluster),
            Proxy = ReadProxy(cluster),
            Client = user is null ? null : ReadClient(user),
            Token = ChooseToken(user, plugin),
            UserName = user?.Text("username"),
            Password = user?.Text("password"),
            Impersonation = user is null ? [] : Kubernetes.Impersonation.Read(user),
        };
    }

    /// <summary>What kubectl refuses before it runs anything is refused here too.</summary>
    private static ExecPlugin? ReadPlugin(KubeNode user, KubeNode cluster)
    {
        if (!user.Has("exec"))
            return null;
        KubeNode exec = user.Child("exec");
        if (user.Has("auth-provider"))
            throw KubeConfigErrors.Unusable(
                "The user of the kubeconfig has both an auth-provider and an exec plugin.",
                "Keep one of them.",
                "auth-provider",
                null
            );
        if (exec.Text("interactiveMode") is not (null or "Never" or "IfAvailable" or "Always"))
            throw KubeConfigErrors.Unusable(
                "The interactiveMode of the credential plugin is not one that exists.",
                "Write Never, IfAvailable or Always.",
                "interactiveMode",
                null
            );
        return exec.Items("env").All(v => v.Text("name") is not null)
            ? new ExecPlugin(exec, cluster)
            : throw KubeConfigErrors.Unusable(
                "A variable of the credential plugin has no name.",
                "Correct the kubeconfig.",
                "env",
                null
            );
    }

    /// <summary>As kubectl: a token file beats a token, and either beats a plugin.</summary>
    private static ITokenProvider? ChooseToken(KubeNode? user, ExecPlugin? plugin)
    {
        if (user is null)
            return null;
        if (user.FilePath("tokenFile") is { } file)
            return new TokenFile(file);
        if (user.Text("token") is { } token)
            return user.Text("username") is not null || user.Text("password") is not null
                ? throw KubeConfigErrors.Unusable(
                    "The user of the kubeconfig has a token and also a username or password.",
                    "Keep one of them.",
                    null,
                    null
                )
                : new StringTokenProvider(HeaderText.Check(token, "The token of the kubeconfig"), "Bearer");
        if (user.Has("auth-provider"))
            return OldAuthProvider(user.Child("auth-provider"));
        return plugin;
    }

    private static IdToken OldAuthProvider(KubeNode provider) =>
        provider.Text("name") == "oidc"
            ? new IdToken(
                HeaderText.Check(
                    provider.Child("config").Text("id-token")
                        ?? throw KubeConfigErrors.IdTokenUnusable("has no id-token"),
                    "The id-token of the kubeconfig"
                )
            )
            : throw KubeConfigErrors.Unusable(
                $"The kubeconfig uses the auth provider '{provider.Text("name")}', which kubectl itself has given up.",
                "Use the credential plugin that took its place (kubelogin, gke-gcloud-auth-plugin).",
                provider.Text("name"),
                null
            );

    private static X509Certificate2Collection ReadAuthorities(KubeNode cluster)
    {
        var authorities = new X509Certificate2Collection();
        if (ReadPem(cluster, "certificate-authority") is not { } pem)
            return authorities;
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException cause)
        {
            throw KubeConfigErrors.Unusable(
                "The certificate-authority of the kubeconfig is no certificate.",
                "Correct the kubeconfig.",
                null,
                cause
            );
        }
        return authorities;
    }

    /// <summary>A key without a certificate counts for nothing, as with kubectl.</summary>
    private static TlsSettings? ReadClient(KubeNode user)
    {
        if (ReadPem(user, "client-certificate") is not { } certificate)
            return null;
        return ReadPem(user, "client-key") is { } key
            ? KubeCertificate.Load(certificate, key)
            : throw KubeConfigErrors.Unusable(
                "The user of the kubeconfig has a client-certificate, and neither client-key nor client-key-data.",
                "Add the key to the kubeconfig.",
                "client-key",
                null
            );
    }

    private static string? ReadServerName(KubeNode cluster) =>
        cluster.Text("tls-server-name") is { } name && Uri.CheckHostName(name) is UriHostNameType.Unknown
            ? throw KubeConfigErrors.Unusable(
                "The tls-server-name of the kubeconfig is not a host name.",
                "Correct the kubeconfig.",
                name,
                null
            )
            : cluster.Text("tls-server-name");

    /// <summary>What stands there is not shown: it may hold a password.</summary>
    private static Uri? ReadProxy(KubeNode cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw KubeConfigErrors.Unusable(
                "The proxy-url of the kubeconfig is not a URL of a proxy.",
                "Write it as http://host:port, https://host:port or socks5://host:port.",
                null,
                null
            );
    }

    private static string? ReadPem(KubeNode node, string key) =>
        node.Bytes(key) is { } bytes ? PemText.Of(bytes) : null;

    private static ApiServerSettings LoadInCluster(string? context, Action<string> tell)
    {
        if (context is not null || !KubernetesClientConfiguration.IsInCluster())
            throw NothingFound();
        try
        {
            KubernetesClientConfiguration own = KubernetesClientConfiguration.InClusterConfig();
            tell("Kubernetes: this pod's own service account.");
            return new ApiServerSettings
            {
                Server = new Uri(own.Host),
                Name = InCluster,
                Namespace = own.Namespace?.Trim(),
                Authorities = own.SslCaCerts ?? [],
                Token = own.TokenProvider,
            };
        }
        catch (Exception cause)
            when (cause is KubeConfigException or IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw KubeConfigErrors.Unusable(
                "The pod's service account cannot be used.",
                "Mount it with automountServiceAccountToken: true.",
                null,
                cause
            );
        }
    }

    private static EtcdException NothingFound() =>
        KubeConfigErrors.NotFound(
            "There is no kubeconfig: KUBECONFIG is not set, there is none at home, and this is not a pod "
                + "with a service account."
        );
}
