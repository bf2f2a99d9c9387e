using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads the config file of etcd, the YAML file in <c>--config-file</c>. RKE2 passes all settings of etcd in it.
/// </summary>
internal static class EtcdConfigFile
{
    private const string ClientTls = "client-transport-security";

    /// <summary>
    /// Returns the values by the name of the corresponding flag, or null if the text is not a config file.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Read(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception unreadable) when (unreadable is YamlException or InvalidOperationException)
        {
            // The scanner throws no YamlException for some texts that end too early.
            return null;
        }
        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            return null;
        // A key that merges another mapping may change any setting without being visible here.
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
