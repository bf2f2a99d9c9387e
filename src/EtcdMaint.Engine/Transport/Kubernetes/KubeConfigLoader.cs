using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads the configuration as kubectl does. The order is: the file that was specified, the files in <c>KUBECONFIG</c>,
/// the file in the home folder, the service account of the pod. Of the files in <c>KUBECONFIG</c>, the first one that
/// defines an entry is used for it, and missing files are ignored.
/// </summary>
internal static class KubeConfigLoader
{
    private const string InCluster = "in-cluster";

    /// <summary>
    /// Returns the context that would be used. It neither reads the files nor runs the programs to which the context
    /// refers.
    /// </summary>
    public static KubernetesContext Find(IReadOnlyList<string> listed) =>
        FindFiles(null, listed) is { Count: > 0 } paths ? Describe(Choose(paths, null))
        : ServiceAccount.Own.IsThere ? new KubernetesContext(InCluster, InCluster)
        : throw NothingFound();

    /// <summary>
    /// Returns the names of all contexts in the specified file or in the files of kubectl. The list is empty if there
    /// is no file.
    /// </summary>
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
    /// Reports an unexpected exception as an error of this kubeconfig only. The text of the exception is omitted
    /// because it may quote a secret.
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
        tell($"Kubernetes: using context {chosen} of {string.Join(", ", paths)}.");
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
                "Specify one with -Context, or set it with 'kubectl config use-context'.",
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
                : throw KubeConfigErrors.NotFound($"No file in KUBECONFIG exists: {string.Join(", ", listed)}.");
        }
        return HomeKubeConfig.Find() is { } home ? [home] : [];
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
                $"The context {contextName} refers to the {kind} '{name}', which the kubeconfig does not contain.",
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

    /// <summary>Refuses the plugins that kubectl refuses before it runs anything.</summary>
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
                "The interactiveMode of the credential plugin is not valid.",
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

    /// <summary>As in kubectl, a token file takes precedence over a token, and either over a plugin.</summary>
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
                : new FixedToken(HeaderText.Check(token, "The token of the kubeconfig"));
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
                $"The kubeconfig uses the auth provider '{provider.Text("name")}', which kubectl no "
                    + "longer supports.",
                "Use the credential plugin that replaced it (kubelogin, gke-gcloud-auth-plugin).",
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
                "The certificate-authority of the kubeconfig is not a certificate.",
                "Correct the kubeconfig.",
                null,
                cause
            );
        }
        return authorities;
    }

    /// <summary>As in kubectl, a key without a certificate is ignored.</summary>
    private static TlsSettings? ReadClient(KubeNode user)
    {
        if (ReadPem(user, "client-certificate") is not { } certificate)
            return null;
        return ReadPem(user, "client-key") is { } key
            ? KubeCertificate.Load(certificate, key)
            : throw KubeConfigErrors.Unusable(
                "The user of the kubeconfig has a client-certificate, but neither client-key nor client-key-data.",
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

    /// <summary>The value is not shown because it may contain a password.</summary>
    private static Uri? ReadProxy(KubeNode cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw KubeConfigErrors.Unusable(
                "The proxy-url of the kubeconfig is not the URL of a proxy.",
                "Write it as http://host:port, https://host:port or socks5://host:port.",
                null,
                null
            );
    }

    private static string? ReadPem(KubeNode node, string key) =>
        node.Bytes(key) is { } bytes ? PemText.Of(bytes) : null;

    private static ApiServerSettings LoadInCluster(string? context, Action<string> tell)
    {
        if (context is not null || !ServiceAccount.Own.IsThere)
            throw NothingFound();
        try
        {
            ApiServerSettings own = ServiceAccount.Own.Load(InCluster);
            tell("Kubernetes: using the service account of this pod.");
            return own;
        }
        catch (Exception cause)
            when (cause is IOException or CryptographicException or UnauthorizedAccessException or FormatException)
        {
            throw KubeConfigErrors.Unusable(
                "The service account of the pod cannot be used.",
                "Mount it with automountServiceAccountToken: true.",
                null,
                cause
            );
        }
    }

    private static EtcdException NothingFound() =>
        KubeConfigErrors.NotFound(
            "No kubeconfig was found: KUBECONFIG is not set, the home folder contains none, and this "
                + "is not a pod with a service account."
        );
}
