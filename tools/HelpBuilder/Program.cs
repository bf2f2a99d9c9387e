using EtcdMaint.HelpBuilder;

// Called by the build: HelpBuilder <folder of markdown pages> <MAML file to write>
if (args is not [string folder, string output])
{
    Console.Error.WriteLine("Usage: HelpBuilder <folder of markdown pages> <MAML file to write>");
    return 2;
}

string page = folder;
try
{
    var pages = new List<HelpPage>();
    foreach (string file in Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal))
    {
        page = file;
        pages.Add(MarkdownHelpReader.Read(File.ReadAllLines(file)));
    }
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    MamlWriter.Write(pages).Save(output);
    return 0;
}
catch (FormatException wrong)
{
    // In the format that MSBuild shows as a build error.
    Console.Error.WriteLine($"{page} : error ETCDMAINT010: {wrong.Message}");
    return 1;
}
