using YamlDotNet.RepresentationModel;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The values of a sample in YAML.</summary>
internal static class SampleYaml
{
    public static YamlNode Read(string path)
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(Repository.Read(path));
        yaml.Load(reader);
        return yaml.Documents.Single().RootNode;
    }

    /// <summary>The elements of a list.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode list) => ((YamlSequenceNode)list).Children;

    public static string[] Texts(this YamlNode list) => [.. list.Items().Select(Text)];

    public static string Text(this YamlNode scalar) => ((YamlScalarNode)scalar).Value!;

    public static bool Has(this YamlNode map, string key) => ((YamlMappingNode)map).Children.ContainsKey(key);
}
