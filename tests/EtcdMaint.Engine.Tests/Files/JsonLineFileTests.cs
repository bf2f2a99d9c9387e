using System.Runtime.Versioning;
using System.Text;
using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Files;

/// <summary>Lines that are appended, read and replaced, by several writers and after a writer was killed.</summary>
public sealed class JsonLineFileTests : IDisposable
{
    private const string First = """{"a":1}""";
    private const string Second = """{"b":"ä } \n {","c":[{"d":null}]}""";
    private const string Third = """{"e":3}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-lines-").FullName;

    private string FilePath => Path.Combine(_folder, "a.jsonl");

    [Fact]
    public void Appended_lines_are_read_in_order()
    {
        Append(First, Second);
        Append(Third);
        Assert.Equal([First, Second, Third], Read());
        Assert.Equal($"{First}\n{Second}\n{Third}\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void After_a_process_was_killed_at_any_byte_the_complete_lines_are_read_and_the_next_line_follows_them()
    {
        byte[] whole = Encoding.UTF8.GetBytes($"{First}\n{Second}\n");
        int firstEnd = First.Length;
        for (int length = 0; length <= whole.Length; length++)
        {
            string[] complete =
                length >= whole.Length - 1 ? [First, Second]
                : length >= firstEnd ? [First]
                : [];
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Equal(complete, Read());
            Append(Third);
            Assert.Equal([.. complete, Third], Read());
            Assert.Equal(string.Concat(complete.Append(Third).Select(line => line + "\n")), File.ReadAllText(FilePath));
        }
    }

    [Theory]
    [InlineData("{\"a\":1}}")]
    [InlineData("[1]")]
    [InlineData("\0\0\0\0")]
    [InlineData("   ")]
    public void A_rest_that_is_not_an_object_is_removed(string rest)
    {
        File.WriteAllText(FilePath, $"{First}\n{rest}");
        Assert.Equal([First], Read());
        Append(Third);
        Assert.Equal([First, Third], Read());
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_and_repaired()
    {
        string large = $$"""{"a":"{{new string('x', 300_000)}}"}""";
        Append(First, large, Second);
        Assert.Equal([First, large, Second], Read());
        File.AppendAllText(FilePath, large[..^1]);
        Assert.Equal([First, large, Second], Read());
        Append(Third);
        Assert.Equal([First, large, Second, Third], Read());
    }

    [Fact]
    public void What_an_editor_changes_does_not_matter()
    {
        File.WriteAllText(FilePath, $"{First}\r\n\r\n{Second}\r\n", new UTF8Encoding(true));
        Assert.Equal([First, Second], Read());
    }

    [Fact]
    public void One_writer_at_a_time_has_the_file_and_everyone_can_read_it()
    {
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
        {
            file.Append(Encoding.UTF8.GetBytes(First));
            Assert.Null(JsonLineFile.TryOpen(FilePath));
            Assert.Equal([First], Read());
            Assert.Equal($"{First}\n", SharedFile.ReadAllText(FilePath));
        }
        Append(Second);
        Assert.Equal([First, Second], Read());
    }

    [Fact]
    public async Task Many_writers_lose_no_line()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(
                        () =>
                        {
                            for (int line = 0; line < 10; line++)
                                AppendWhenFree($$"""{"w":{{writer}},"l":{{line}}}""");
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );
        Assert.Equal(80, Read().Distinct().Count());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Replaced_lines_keep_the_rights_of_other_users()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file mode.");
        const UnixFileMode Shared =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Append(First);
        File.SetUnixFileMode(FilePath, Shared);
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
            file.Replace([Encoding.UTF8.GetBytes(Second)]);
        Assert.Equal(Shared, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void Replaced_lines_are_followed_by_appended_lines()
    {
        Append(First, Second);
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
        {
            file.Replace(JsonLineFile.Read(FilePath).Skip(1));
            file.Append(Encoding.UTF8.GetBytes(Third));
        }
        Assert.Equal([Second, Third], Read());
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void A_replacement_that_fails_keeps_the_lines()
    {
        Append(First);
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
        {
            Assert.Throws<InvalidOperationException>(() => file.Replace(Broken()));
            file.Append(Encoding.UTF8.GetBytes(Second));
        }
        Assert.Equal([First, Second], Read());
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.EndsWith(".part", StringComparison.Ordinal));

        static IEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return "{}"u8.ToArray();
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void The_target_of_a_link_is_written_and_the_link_remains()
    {
        SpecialFiles.SkipOnWindows();
        string link = Path.Combine(_folder, "link.jsonl");
        File.CreateSymbolicLink(link, "a.jsonl");
        using (JsonLineFile file = JsonLineFile.TryOpen(link)!)
        {
            file.Append(Encoding.UTF8.GetBytes(First));
            file.Replace([Encoding.UTF8.GetBytes(Second)]);
            Assert.Null(JsonLineFile.TryOpen(FilePath));
        }
        Assert.Equal("a.jsonl", new FileInfo(link).LinkTarget);
        Assert.Equal([Second], Read());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("{", true)]
    [InlineData("{\"a\":1}\n{\"a", true)]
    [InlineData("{\n  \"a\": 1\n}", false)]
    [InlineData("a;b", false)]
    public void A_file_that_begins_differently_is_not_changed(string content, bool isTaken)
    {
        File.WriteAllText(FilePath, content);
        using JsonLineFile? file = isTaken ? JsonLineFile.TryOpen(FilePath, "{\"a\":") : null;
        if (isTaken)
            Assert.NotNull(file);
        else
            Assert.Throws<UnfitFileException>(() => JsonLineFile.TryOpen(FilePath, "{\"a\":"));
        Assert.Equal(
            isTaken
                ? content.Contains('\n')
                    ? "{\"a\":1}\n"
                    : ""
                : content,
            SharedFile.ReadAllText(FilePath)
        );
    }

    [Fact]
    public async Task A_named_pipe_is_refused()
    {
        await SpecialFiles.MakePipeAsync(FilePath);
        Assert.Throws<UnfitFileException>(() => JsonLineFile.TryOpen(FilePath));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Read() => [.. JsonLineFile.Read(FilePath).Select(line => Encoding.UTF8.GetString(line.Span))];

    private void Append(params string[] lines)
    {
        using JsonLineFile file = JsonLineFile.TryOpen(FilePath)!;
        foreach (string line in lines)
            file.Append(Encoding.UTF8.GetBytes(line));
    }

    private void AppendWhenFree(string line)
    {
        JsonLineFile? file = null;
        Assert.True(SpinWait.SpinUntil(() => (file = JsonLineFile.TryOpen(FilePath)) is not null, 30_000));
        using (file)
            file!.Append(Encoding.UTF8.GetBytes(line));
    }
}
