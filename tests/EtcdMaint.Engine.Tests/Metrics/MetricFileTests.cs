using System.Runtime.Versioning;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Metrics;

namespace EtcdMaint.Engine.Tests.Metrics;

/// <summary>The file for the textfile collector: refused paths, its mode, and that it is replaced as a whole.</summary>
public sealed class MetricFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-metric-").FullName;

    [Theory]
    [InlineData("", "MetricPathNotFile")]
    [InlineData("folder.prom", "MetricPathNotFile")]
    [InlineData("a.txt", "MetricPathExtension")]
    [InlineData("a.prom.gz", "MetricPathExtension")]
    [InlineData("a.PROM", "MetricPathExtension")]
    [InlineData("no/such.prom", "MetricFolderNotFound")]
    public void Each_path_that_cannot_be_written_has_its_own_error(string name, string errorId)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder.prom"));
        Assert.Equal(errorId, Refused(() => MetricFile.At(Path.Combine(_folder, name))));
    }

    [Fact]
    public void An_existing_file_is_replaced_and_nothing_else_remains()
    {
        string path = Path.Combine(_folder, "a.prom");
        File.WriteAllText(path, "a long previous content");
        FileInfo written = MetricFile.At(path).Write("new\n"u8.ToArray());
        Assert.Equal((path, 4), (written.FullName, written.Length));
        Assert.Equal("new\n", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Every_user_may_read_a_new_file_and_an_existing_file_keeps_its_mode()
    {
        SpecialFiles.SkipOnWindows();
        string path = Path.Combine(_folder, "a.prom");
        MetricFile.At(path).Write([1]);
        Assert.Equal("rw-r--r--", Mode(path));
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, Private);
        MetricFile.At(path).Write([2]);
        Assert.Equal("rw-r-----", Mode(path));
    }

    [Fact]
    public void A_folder_that_was_removed_meanwhile_is_reported()
    {
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        MetricFile file = MetricFile.At(Path.Combine(inner, "a.prom"));
        Directory.Delete(inner);
        Assert.Equal("MetricUnwritable", Refused(() => file.Write([1])));
    }

    [Fact]
    public async Task A_named_pipe_is_refused_and_kept()
    {
        SpecialFiles.SkipOnWindows();
        string pipe = Path.Combine(_folder, "a.prom");
        await SpecialFiles.MakePipeAsync(pipe);
        Assert.Equal("MetricNotRegularFile", Refused(() => MetricFile.At(pipe)));
        Assert.Equal(FileKind.NamedPipe, SpecialFiles.KindOf(pipe));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Refused(Action work) => Assert.ThrowsAny<EtcdException>(work).ErrorId;

    [UnsupportedOSPlatform("windows")]
    private static string Mode(string path)
    {
        const string Letters = "rwxrwxrwx";
        int mode = (int)File.GetUnixFileMode(path);
        return string.Concat(Letters.Select((letter, i) => (mode & (0x100 >> i)) != 0 ? letter : '-'));
    }
}
