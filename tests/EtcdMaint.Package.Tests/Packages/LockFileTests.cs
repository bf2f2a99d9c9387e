using System.Text.Json;

namespace EtcdMaint.Package.Tests.Packages;

/// <summary>
/// Every project lists its packages in a lock file that does not depend on the machine that restored them.
/// </summary>
public sealed class LockFileTests
{
    public static TheoryData<string> Projects =>
        [
            .. Directory
                .GetFiles(Repository.File("."), "*.csproj", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.File("."), file))
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_has_a_lock_file_that_is_valid_on_every_machine(string project)
    {
        using JsonDocument locked = JsonDocument.Parse(
            Repository.Read(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))
        );
        JsonProperty[] lists = [.. locked.RootElement.GetProperty("dependencies").EnumerateObject()];
        Assert.Single(lists, list => !list.Name.Contains('/'));
        // A list for one system is the same on every machine only if the project is for that system.
        Assert.All(
            lists.Where(list => list.Name.Contains('/')),
            list =>
                Assert.Contains(
                    $"<RuntimeIdentifier>{list.Name.Split('/')[1]}</RuntimeIdentifier>",
                    Repository.Read(project),
                    StringComparison.Ordinal
                )
        );
        Assert.All(
            lists
                .SelectMany(list => list.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project"),
            package => Assert.NotEmpty(package.Value.GetProperty("contentHash").GetString()!)
        );
    }
}
