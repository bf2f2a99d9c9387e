using System.Collections;
using System.Management.Automation.Language;

namespace EtcdMaint.ModulePacker;

/// <summary>The content of the manifest that the packages repeat.</summary>
internal sealed record ModuleManifest(
    string Name,
    string Version,
    string Authors,
    string Owners,
    string Copyright,
    string Description,
    string ReleaseNotes,
    string LicenseUri,
    string ProjectUri,
    IReadOnlyList<string> Tags
)
{
    public static ModuleManifest Read(string path)
    {
        ScriptBlockAst script = Parser.ParseFile(path, out _, out ParseError[] errors);
        if (
            errors.Length > 0
            || script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false) is not HashtableAst table
        )
            throw new FormatException($"{path} is not a manifest: {errors.FirstOrDefault()?.Message}");

        var manifest = (Hashtable)table.SafeGetValue();
        var gallery = (Hashtable)((Hashtable)manifest["PrivateData"]!)["PSData"]!;
        string Text(Hashtable from, string key) =>
            from[key] as string ?? throw new FormatException($"{path} lacks {key}.");
        return new ModuleManifest(
            Path.GetFileNameWithoutExtension(path),
            Text(manifest, "ModuleVersion"),
            Text(manifest, "Author"),
            Text(manifest, "CompanyName"),
            Text(manifest, "Copyright"),
            Text(manifest, "Description"),
            Text(gallery, "ReleaseNotes"),
            Text(gallery, "LicenseUri"),
            Text(gallery, "ProjectUri"),
            [.. ((IEnumerable)gallery["Tags"]!).Cast<object>().Select(tag => tag.ToString()!)]
        );
    }
}
