using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Tests.Files;

public sealed class LineAppenderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    /// <summary>The disk was full, and the rest could not be removed at that time.</summary>
    [Fact]
    public void The_rest_of_a_failed_line_never_follows_another_line()
    {
        File.WriteAllText(_path, "one\nthe rest of a failed line");
        using SafeFileHandle file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
        var lines = new LineAppender(file, "one\n".Length);
        lines.Append("two\n"u8);
        Assert.Equal("one\ntwo\n", ReadAllText());
        Assert.Equal("one\ntwo\n".Length, lines.Length);
    }

    [Theory]
    [InlineData("one\ntw", 4, false, "one\n")]
    [InlineData("one\ntwo", 7, true, "one\ntwo\n")]
    [InlineData("one\ntwo\n", 8, false, "one\ntwo\n")]
    public void A_repair_leaves_complete_lines(string content, int length, bool lacksLineBreak, string repaired)
    {
        File.WriteAllText(_path, content);
        using SafeFileHandle file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
        new LineAppender(file, length).Repair(lacksLineBreak);
        Assert.Equal(repaired, ReadAllText());
    }

    public void Dispose() => File.Delete(_path);

    private string ReadAllText()
    {
        using var reader = new StreamReader(
            new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        return reader.ReadToEnd();
    }
}
