using EtcdMaint.Cmdlets;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>The file of a report: what its name says, what is refused, and that nothing half done is ever there.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-report-").FullName;

    [Theory]
    [InlineData("a.json", null, EtcdReportFormat.Json)]
    [InlineData("a.HTML", null, EtcdReportFormat.Html)]
    [InlineData("a.htm", null, EtcdReportFormat.Html)]
    [InlineData("a.txt", EtcdReportFormat.Json, EtcdReportFormat.Json)]
    [InlineData("a.html", EtcdReportFormat.Json, EtcdReportFormat.Json)]
    public void The_extension_says_the_format_unless_it_is_given(string name, EtcdReportFormat? given, EtcdReportFormat expected) =>
        Assert.Equal(expected, ReportFile.At(Path.Combine(_folder, name), given, false).Format);

    [Fact]
    public void What_cannot_be_written_has_an_error_of_its_own()
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
    public void A_file_that_came_meanwhile_is_kept_and_nothing_else_is_left()
    {
        string path = Path.Combine(_folder, "a.json");
        ReportFile file = ReportFile.At(path, null, false);
        File.WriteAllText(path, "precious");
        Assert.Equal("ReportExists", Assert.ThrowsAny<EtcdException>(() => file.Write([1])).ErrorId);
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Force_puts_the_new_one_in_the_place_of_the_old()
    {
        string path = Path.Combine(_folder, "a.json");
        File.WriteAllText(path, "old");
        FileInfo written = ReportFile.At(path, null, true).Write("new"u8.ToArray());
        Assert.Equal((path, 3), (written.FullName, written.Length));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_that_went_away_is_told()
    {
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        ReportFile file = ReportFile.At(Path.Combine(inner, "a.json"), null, true);
        Directory.Delete(inner);
        Assert.Equal("ReportUnwritable", Assert.ThrowsAny<EtcdException>(() => file.Write([1])).ErrorId);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refused(string name) =>
        Assert.ThrowsAny<EtcdException>(() => ReportFile.At(Path.Combine(_folder, name), null, false)).ErrorId;
}
