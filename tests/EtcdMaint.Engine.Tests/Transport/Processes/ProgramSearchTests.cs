using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Tests.Transport.Processes;

/// <summary>Where programs are found, with the rules of Windows and of other systems.</summary>
public sealed class ProgramSearchTests
{
    [Theory]
    [InlineData("plugin", @"C:\tools\plugin.cmd")]
    [InlineData("plugin.cmd", @"C:\tools\plugin.cmd")]
    [InlineData("both", @"C:\tools\both.exe")]
    [InlineData("odd.tool", @"C:\tools\odd.tool")]
    [InlineData("v1.2", @"C:\tools\v1.2.bat")]
    [InlineData("spaced", @"D:\a;b c\spaced.exe")]
    [InlineData(@"C:\tools\plugin", @"C:\tools\plugin.cmd")]
    [InlineData("D:/slash/plugin", "D:/slash/plugin.bat")]
    [InlineData(@"\\server\share\plugin", @"\\server\share\plugin.exe")]
    [InlineData("note", null)]
    [InlineData("here", null)]
    [InlineData(@".\here", null)]
    [InlineData(@"tools\plugin", null)]
    [InlineData(@"\tools\plugin", null)]
    [InlineData(@"C:plugin", null)]
    [InlineData("", null)]
    public void Windows_finds_a_program_by_PATHEXT_and_never_in_the_current_folder(string program, string? expected)
    {
        string[] files =
        [
            @"C:\tools\plugin.cmd",
            @"C:\tools\both.cmd",
            @"C:\tools\both.exe",
            @"C:\tools\odd.tool",
            @"C:\tools\v1.2.bat",
            @"C:\tools\note.txt",
            @"D:\a;b c\spaced.exe",
            "D:/slash/plugin.bat",
            @"\\server\share\plugin.exe",
            @"here.exe",
            @".\here.exe",
            @"tools\plugin.cmd",
            @"\tools\plugin.cmd",
            @"C:plugin.cmd",
            ".exe",
        ];
        ProgramSearch search = OnWindows(@";.;tools;C:\tools\;""D:\a;b c"";\tools;C:;", ".EXE;BAT;.CMD;;", files);
        Assert.Equal(expected, search.TryFind(program), ignoreCase: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_PATHEXT_Windows_tries_the_usual_extensions(string? extensions) =>
        Assert.Equal(@"C:\a\plugin.cmd", OnWindows(@"C:\a", extensions, @"C:\a\plugin.cmd").TryFind("plugin"));

    [Fact]
    public void The_first_folder_on_PATH_wins() =>
        Assert.Equal(
            @"C:\a\plugin.cmd",
            OnWindows(@"C:\a;C:\b", ".exe;.cmd", @"C:\b\plugin.exe", @"C:\a\plugin.cmd").TryFind("plugin")
        );

    [Theory]
    [InlineData("ssh", "/usr/bin/ssh")]
    [InlineData("/opt/ssh", "/opt/ssh")]
    [InlineData("./ssh", null)]
    [InlineData("bin/ssh", null)]
    [InlineData("plugin", null)]
    [InlineData(@"a\b", @"/usr/bin/a\b")]
    public void Other_systems_add_no_extension(string program, string? expected)
    {
        string[] files =
        [
            "/usr/bin/ssh",
            "/opt/ssh",
            "ssh",
            "./ssh",
            "bin/ssh",
            "/usr/bin/plugin.cmd",
            @"/usr/bin/a\b",
        ];
        var search = new ProgramSearch(false, "::.:bin:/usr/bin/", ".CMD", files.Contains);
        Assert.Equal(expected, search.TryFind(program));
    }

    [Fact]
    public void A_program_that_was_not_found_is_named() =>
        Assert.Contains(
            "no folder of PATH has a program 'plugin'",
            Assert.Throws<DialException>(() => OnWindows(@"C:\a", null).Find("plugin")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_child_process_on_Windows_searches_only_the_absolute_folders()
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = "old" };
        OnWindows(@".;C:\a;""D:\b;c"";d", null).Restrict(environment);
        Assert.Equal(@"C:\a;""D:\b;c""", environment["PATH"]);
        Assert.Equal("1", environment["NoDefaultCurrentDirectoryInExePath"]);

        OnWindows(".;d", null).Restrict(environment);
        Assert.DoesNotContain("PATH", environment.Keys);
    }

    [Theory]
    [InlineData(@"C:\a\plugin.cmd", "get-token", true)]
    [InlineData(@"C:\a\plugin.CMD", "two words & more", true)]
    [InlineData(@"C:\a\plugin.bat", "a&calc", false)]
    [InlineData(@"C:\a\plugin.bat", "\"&calc&\"", false)]
    [InlineData(@"C:\a\plugin.cmd", "%PATH%", false)]
    [InlineData(@"C:\a\plugin.cmd", "a b\ncalc", false)]
    [InlineData(@"C:\a\plugin.exe", "\"&calc&\"", true)]
    public void A_batch_file_gets_no_argument_that_cmd_would_interpret(string program, string argument, bool isAllowed)
    {
        Exception? refused = Record.Exception(() => BatchFile.Check(program, ["first", argument]));
        Assert.Equal(isAllowed, refused is null);
        Assert.DoesNotContain(argument, refused?.Message ?? "", StringComparison.Ordinal);
    }

    private static ProgramSearch OnWindows(string path, string? extensions, params string[] files) =>
        new(
            true,
            path,
            extensions,
            // File names of Windows do not depend on upper and lower case.
            file => files.Contains(file, StringComparer.OrdinalIgnoreCase)
        );
}
