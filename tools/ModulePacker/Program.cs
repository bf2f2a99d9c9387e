using System.Reflection;
using EtcdMaint.ModulePacker;

// ModulePacker [folder of the built module] [folder for the packages]
string module = Path.GetFullPath(args.ElementAtOrDefault(0) ?? Metadata("ModuleRoot"));
string packages = Path.GetFullPath(args.ElementAtOrDefault(1) ?? Metadata("PackageRoot"));

ModuleManifest manifest = ModuleManifest.Read(Path.Combine(module, "EtcdMaint.psd1"));
IReadOnlyList<PackedFile> files = PackedFile.AllIn(module);
Directory.CreateDirectory(packages);

string gallery = Path.Combine(packages, $"{manifest.Name}.{manifest.Version}.nupkg");
GalleryPackage.Write(gallery, manifest, files);
Console.WriteLine($"{gallery}: {Size(gallery)}");

string automation = Path.Combine(packages, $"{manifest.Name}.zip");
AutomationZip zip = AutomationZip.Write(automation, manifest.Name, files);
Console.WriteLine(
    $"{automation}: {Size(automation)} of {AutomationZip.LargestSize / 1_000_000} MB, longest path "
        + $"{zip.LongestPath} of {AutomationZip.LongestPathAllowed} characters"
);
return zip.FindProblem() is { } problem ? ReportProblem(problem) : 0;

static string Metadata(string key) =>
    Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;

static string Size(string file) => $"{new FileInfo(file).Length / 1e6:0.00} MB";

static int ReportProblem(string problem)
{
    Console.Error.WriteLine($"Azure Automation would not accept the zip: {problem}");
    return 1;
}
