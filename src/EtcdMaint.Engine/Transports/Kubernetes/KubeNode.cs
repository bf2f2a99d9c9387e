using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Engine.Transports.Kubernetes;

/// <summary>A mapping in a kubeconfig; what is absent or empty reads as null.</summary>
internal sealed class KubeNode(YamlMappingNode? node, string folder)
{
    public string? Text(string key) => Find(key) is YamlScalarNode { Value: { Length: > 0 } value } ? value : null;

    public bool Flag(string key) => bool.TryParse(Text(key), out bool value) && value;

    /// <summary>A path, relative to the folder of the file that it stands in.</summary>
    public string? FilePath(string key) => Text(key) is { } path ? Path.Combine(folder, path) : null;

    /// <summary>What stands in base64.</summary>
    public byte[]? Data(string key)
    {
        if (Text(key) is not { } text)
            return null;
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw KubeConfigErrors.Unusable($"The value of {key} in the kubeconfig is not base64.", "Correct the kubeconfig.", key, null);
        }
    }

    public KubeNode Child(string key) => new(Find(key) as YamlMappingNode, folder);

    public IEnumerable<string> Keys => node is null ? [] : node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    public bool Has(string key) => Find(key) is not null;

    public IEnumerable<KubeNode> Items(string key) => Find(key) is YamlSequenceNode list
        ? list.OfType<YamlMappingNode>().Select(n => new KubeNode(n, folder))
        : [];

    public IReadOnlyList<string> Texts(string key) => Find(key) is YamlSequenceNode list
        ? [.. list.OfType<YamlScalarNode>().Select(n => n.Value ?? "")]
        : [];

    /// <summary>A command with a folder is relative to the folder of the file that it stands in; one without is found on PATH.</summary>
    public string? Command(string key) => Text(key) is { } command && command.IndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) >= 0
        ? Path.GetFullPath(command, folder)
        : Text(key);

    private YamlNode? Find(string key) => node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? found) ? found : null;
}
