using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Reports;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>
/// The file of a report: the format from its name, the refused paths, and that no partial file ever exists.
/// </summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-report-").FullName;

    [Theory]
    [InlineData("a.json", null, EtcdReportFormat.Json)]
    [InlineData("a.HTML", null, EtcdReportFormat.Html)]
    [InlineData("a.htm", null, EtcdReportFormat.Html)]
    [InlineData("a.txt", EtcdReportFormat.Json, EtcdReportFormat.Json)]
    [InlineData("a.html", EtcdReportFormat.Json, EtcdReportFormat.Json)]
    public void The_extension_determines_the_format_unless_it_is_given(
        string name,
        EtcdReportFormat? given,
        EtcdReportFormat expected
    ) => Assert.Equal(expected, ReportFile.At(Path.Combine(_folder, name), given, false).Format);

    [Fact]
    public void Each_path_that_cannot_be_written_has_its_own_error()
    {
        File.WriteAllText(Path.Combine(_folder, "there.json"), "precious");
        Assert.Equal("ReportFormatUnknown", Refused("a.txt"));
        Assert.Equal("ReportFormatUnknown", Refused("a"));
        Assert.Equal("ReportPathNotFile", Refused(""));
        Assert.Equal("ReportPathNotFile", Refused($"x{Path.DirectorySeparatorChar}"));
        Assert.Equal("ReportFolderNotFound", Refused(Path.Combine("no", "such.json")));
        Assert.Equal("ReportExists", Refused("there.json"));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_folder, "there.json")));
    }

    [Fact]
    public void A_file_that_was_created_meanwhile_is_kept_and_no_other_file_is_left()
    {
        string path = Path.Combine(_folder, "a.json");
        ReportFile file = ReportFile.At(path, null, false);
        File.WriteAllText(path, "precious");
        Assert.Equal("ReportExists", Assert.ThrowsAny<EtcdException>(() => file.Write([1])).ErrorId);
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Force_replaces_the_existing_file()
    {
        string path = Path.Combine(_folder, "a.json");
        File.WriteAllText(path, "old");
        FileInfo written = ReportFile.At(path, null, true).Write("new"u8.ToArray());
        Assert.Equal((path, 3), (written.FullName, written.Length));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_that_was_removed_meanwhile_is_reported()
    {
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        ReportFile file = ReportFile.At(Path.Combine(inner, "a.json"), null, true);
        Directory.Delete(inner);
        Assert.Equal("ReportUnwritable", Assert.ThrowsAny<EtcdException>(() => file.Write([1])).ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_is_refused_and_kept(bool force)
    {
        string device = Path.Combine(_folder, "device");
        await SpecialFiles.MakeDeviceAsync(device);
        AssertRefused(device, "it is a device", force);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_named_pipe_is_refused_and_kept(bool force)
    {
        string pipe = Path.Combine(_folder, "pipe");
        await SpecialFiles.MakePipeAsync(pipe);
        AssertRefused(pipe, "it is a named pipe", force);
    }

    [Fact]
    public async Task A_link_to_a_named_pipe_is_refused()
    {
        string pipe = Path.Combine(_folder, "pipe");
        await SpecialFiles.MakePipeAsync(pipe);
        string link = Link("a.json", "pipe");
        AssertRefused(link, "it is a named pipe", force: true);
        Assert.Equal("pipe", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task A_named_pipe_that_was_created_meanwhile_is_not_replaced()
    {
        string path = Path.Combine(_folder, "a.json");
        ReportFile file = ReportFile.At(path, null, true);
        await SpecialFiles.MakePipeAsync(path);
        Assert.Equal("ReportNotRegularFile", Assert.ThrowsAny<EtcdException>(() => file.Write([1])).ErrorId);
        Assert.Equal(FileKind.NamedPipe, SpecialFiles.KindOf(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("b.txt")]
    [InlineData("inner/b.txt")]
    [InlineData("inner/../b.txt")]
    public void Force_replaces_the_target_of_a_link_and_keeps_the_link(string to)
    {
        SpecialFiles.SkipOnWindows();
        Directory.CreateDirectory(Path.Combine(_folder, "inner"));
        string target = Path.Combine(_folder, to);
        File.WriteAllText(target, "old");
        string link = Link("a.json", to);
        ReportFile.At(link, null, true).Write("new"u8.ToArray());
        Assert.Equal(to, new FileInfo(link).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.DoesNotContain(
            Directory.GetFiles(_folder, "*", SearchOption.AllDirectories),
            path => path.EndsWith(".part", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_relative_link_is_resolved_from_the_folder_in_which_it_is_located()
    {
        SpecialFiles.SkipOnWindows();
        Directory.CreateDirectory(Path.Combine(_folder, "real", "deep"));
        File.WriteAllText(Path.Combine(_folder, "b.json"), "another file");
        Link("short", "real/deep");
        Link("real/deep/a.json", "../b.json");
        ReportFile.At(Path.Combine(_folder, "short", "a.json"), null, false).Write("new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(Path.Combine(_folder, "real", "b.json")));
        Assert.Equal("another file", File.ReadAllText(Path.Combine(_folder, "b.json")));
    }

    [Fact]
    public void Without_force_the_target_of_a_link_is_kept()
    {
        SpecialFiles.SkipOnWindows();
        File.WriteAllText(Path.Combine(_folder, "b.json"), "precious");
        Link("a.json", "b.json");
        Assert.Equal("ReportExists", Refused("a.json"));
    }

    [Fact]
    public void Circular_links_are_refused()
    {
        SpecialFiles.SkipOnWindows();
        Link("a.json", "b.json");
        Link("b.json", "a.json");
        Assert.Equal("ReportUnwritable", Refused("a.json"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refused(string name) =>
        Assert.ThrowsAny<EtcdException>(() => ReportFile.At(Path.Combine(_folder, name), null, false)).ErrorId;

    private string Link(string name, string target)
    {
        string link = Path.Combine(_folder, name);
        File.CreateSymbolicLink(link, target);
        return link;
    }

    private static void AssertRefused(string path, string why, bool force)
    {
        SpecialFiles.SkipOnWindows();
        FileKind before = SpecialFiles.KindOf(path);
        EtcdException refused = Assert.ThrowsAny<EtcdException>(() =>
            ReportFile.At(path, EtcdReportFormat.Json, force).Write([1])
        );
        Assert.Equal("ReportNotRegularFile", refused.ErrorId);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, SpecialFiles.KindOf(path));
    }
}
