using System.Text;
using System.Xml.Linq;

namespace EtcdMaint.ModulePacker;

/// <summary>
/// The package as Compress-PSResource and Publish-PSResource create it: the module, a nuspec, and the parts of an OPC
/// container.
/// </summary>
internal static class GalleryPackage
{
    private const string CorePropertiesPath = "package/services/metadata/core-properties/nuget.psmdcp";

    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd";

    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";

    private static readonly XNamespace Relationships = "http://schemas.openxmlformats.org/package/2006/relationships";

    private static readonly XNamespace CoreProperties =
        "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";

    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    public static void Write(string path, ModuleManifest manifest, IReadOnlyList<PackedFile> files) =>
        ReproducibleZip.Write(
            path,
            [
                .. files,
                Xml($"{manifest.Name}.nuspec", NuspecOf(manifest)),
                Xml("[Content_Types].xml", ContentTypesOf(files)),
                Xml("_rels/.rels", RelationshipsOf(manifest)),
                Xml(CorePropertiesPath, CorePropertiesOf(manifest)),
            ]
        );

    private static string Tags(ModuleManifest manifest) => string.Join(' ', manifest.Tags.Prepend("PSModule"));

    private static XElement NuspecOf(ModuleManifest manifest) =>
        new(
            Nuspec + "package",
            new XElement(
                Nuspec + "metadata",
                new XElement(Nuspec + "id", manifest.Name),
                new XElement(Nuspec + "version", manifest.Version),
                new XElement(Nuspec + "authors", manifest.Authors),
                new XElement(Nuspec + "owners", manifest.Owners),
                new XElement(Nuspec + "requireLicenseAcceptance", "false"),
                new XElement(Nuspec + "licenseUrl", manifest.LicenseUri),
                new XElement(Nuspec + "projectUrl", manifest.ProjectUri),
                new XElement(Nuspec + "description", manifest.Description),
                new XElement(Nuspec + "releaseNotes", manifest.ReleaseNotes),
                new XElement(Nuspec + "copyright", manifest.Copyright),
                new XElement(Nuspec + "tags", Tags(manifest))
            )
        );

    private static XElement ContentTypesOf(IEnumerable<PackedFile> files)
    {
        ILookup<string, string> byExtension = files
            .Select(file => file.Path)
            .Append("x.nuspec")
            .ToLookup(path => Path.GetExtension(path).TrimStart('.').ToLowerInvariant());
        return new XElement(
            ContentTypes + "Types",
            Default("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            Default("psmdcp", "application/vnd.openxmlformats-package.core-properties+xml"),
            byExtension
                .Where(group => group.Key.Length > 0)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Default(group.Key, "application/octet")),
            byExtension[""]
                .Order(StringComparer.Ordinal)
                .Select(path => new XElement(
                    ContentTypes + "Override",
                    new XAttribute("PartName", $"/{path}"),
                    new XAttribute("ContentType", "application/octet")
                ))
        );
    }

    private static XElement Default(string extension, string type) =>
        new(ContentTypes + "Default", new XAttribute("Extension", extension), new XAttribute("ContentType", type));

    private static XElement RelationshipsOf(ModuleManifest manifest) =>
        new(
            Relationships + "Relationships",
            Relationship(
                "manifest",
                "http://schemas.microsoft.com/packaging/2010/07/manifest",
                $"/{manifest.Name}.nuspec"
            ),
            Relationship(
                "properties",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                $"/{CorePropertiesPath}"
            )
        );

    private static XElement Relationship(string id, string type, string target) =>
        new(
            Relationships + "Relationship",
            new XAttribute("Type", type),
            new XAttribute("Target", target),
            new XAttribute("Id", id)
        );

    private static XElement CorePropertiesOf(ModuleManifest manifest) =>
        new(
            CoreProperties + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "dc", DublinCore),
            new XElement(DublinCore + "creator", manifest.Authors),
            new XElement(DublinCore + "description", manifest.Description),
            new XElement(DublinCore + "identifier", manifest.Name),
            new XElement(CoreProperties + "version", manifest.Version),
            new XElement(CoreProperties + "keywords", Tags(manifest))
        );

    private static PackedFile Xml(string path, XElement root) =>
        new(
            path,
            Encoding.UTF8.GetBytes(
                $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root.ToString().ReplaceLineEndings("\n")}\n"
            )
        );
}
