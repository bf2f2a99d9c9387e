using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads etcd's own config file, the YAML that <c>--config-file</c> names; RKE2 gives its etcd nothing else.
/// </summary>
internal static class EtcdConfigFile
{
    private const string ClientTls = "client-transport-security";

    /// <summary>Values by the flag that says the same; null for what is no such file.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception unreadable) when (unreadable is YamlException or InvalidOperationException)
        {
            // The scanner has no error of its own for some texts that end too early.
            return null;
        }
        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            return null;
        // A key that merges another mapping may set anything, and nothing here would show it.
        if (
            root
                .AllNodes.OfType<YamlMappingNode>()
                .Any(m => m.Children.Keys.Any(k => k is YamlScalarNode { Value: "<<" }))
        )
            return null;
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((YamlNode key, YamlNode value) in root.Children)
        {
            if (value is YamlScalarNode plain)
                settings[key.ToString()] = plain.Value ?? "";
            else if (
                string.Equals(key.ToString(), ClientTls, StringComparison.OrdinalIgnoreCase)
                && value is YamlMappingNode tls
            )
                foreach ((YamlNode name, YamlNode path) in tls.Children)
                    settings[name.ToString()] = path.ToString();
        }
        return settings;
    }
}
