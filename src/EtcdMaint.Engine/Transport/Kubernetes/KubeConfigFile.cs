using YamlDotNet.Core;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>One kubeconfig file. Its relative paths are resolved against its own folder, also after a merge.</summary>
internal sealed record KubeConfigFile
{
    public string? CurrentContext { get; init; }

    public required IReadOnlyDictionary<string, KubeNode> Clusters { get; init; }

    public required IReadOnlyDictionary<string, KubeNode> Users { get; init; }

    public required IReadOnlyDictionary<string, KubeNode> Contexts { get; init; }

    public static KubeConfigFile Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var root = new KubeNode(YamlTree.Read(reader), Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new KubeConfigFile
            {
                CurrentContext = root.Text("current-context"),
                Clusters = Named(root, "clusters", "cluster"),
                Users = Named(root, "users", "user"),
                Contexts = Named(root, "contexts", "context"),
            };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw KubeConfigErrors.Unusable(
                $"The kubeconfig {path} cannot be read.",
                "Check the path and its permissions.",
                path,
                cause
            );
        }
        catch (YamlException cause)
        {
            // The text of the parser may quote the line, which can contain a token.
            throw KubeConfigErrors.Unusable(
                $"The kubeconfig {path} is not valid YAML at line {cause.Start.Line}.",
                "Correct the file, or specify another one with -KubeConfig.",
                path,
                null
            );
        }
    }

    private static Dictionary<string, KubeNode> Named(KubeNode root, string list, string entry)
    {
        var named = new Dictionary<string, KubeNode>(StringComparer.Ordinal);
        foreach (KubeNode item in root.Items(list))
            if (item.Text("name") is { } name)
                named.TryAdd(name, item.Child(entry));
        return named;
    }
}
