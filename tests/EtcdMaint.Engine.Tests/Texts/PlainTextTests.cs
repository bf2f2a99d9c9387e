using System.Reflection;

namespace EtcdMaint.Engine.Tests.Texts;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("etcd-1", "etcd-1")]
    [InlineData("Größe 3 µs, 日本, 😀", "Größe 3 µs, 日本, 😀")]
    [InlineData("a\e[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\a\b\u007F\u009Bb", "a\uFFFD\uFFFD\uFFFD\uFFFDb")]
    [InlineData("a\r\nb\nc\u0085d\u2028e\u2029f\tg", "a b c d e f g")]
    [InlineData("a\u202Eb\u2066c\u2069\u200E\u200F\u061C", "a\uFFFDb\uFFFDc\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("a\u200Bb\uFEFFc\u2060", "a\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("tag\U000E0041", "tag\uFFFD")]
    public void Of_replaces_only_control_and_format_characters(string text, string expected)
    {
        Assert.Equal(expected, PlainText.Of(text));
        Assert.Equal(text == expected, PlainText.IsPlain(text));
    }

    [Fact]
    public void Of_replaces_every_character_that_could_move_the_cursor_or_the_reading_order()
    {
        IEnumerable<char> all = Enumerable
            .Range(0, 0x20)
            .Concat(Enumerable.Range(0x7F, 0x21))
            .Concat([0x61C, 0x200E, 0x200F, 0x2028, 0x2029])
            .Concat(Enumerable.Range(0x202A, 5))
            .Concat(Enumerable.Range(0x2066, 4))
            .Select(code => (char)code);
        Assert.All(all, character => Assert.DoesNotContain(character, PlainText.Of($"{character}")));
    }

    [Fact]
    public void Of_null_is_null() => Assert.Null(PlainText.Of((string?)null));

    [Fact]
    public void Every_text_of_a_public_record_is_plain_except_the_path_of_a_snapshot()
    {
        string[] raw =
        [
            .. typeof(EtcdMember)
                .Assembly.GetExportedTypes()
                .Where(type =>
                    type is { IsClass: true, IsAbstract: false } && type.GetConstructor(Type.EmptyTypes) is not null
                )
                .SelectMany(type =>
                    type.GetProperties()
                        .Where(KeepsControlCharacters)
                        .Select(property => $"{type.Name}.{property.Name}")
                ),
        ];
        Assert.Equal(["EtcdMaintenancePlan.SnapshotPath", "EtcdSnapshot.Path", "EtcdSnapshotReport.Path"], raw);
    }

    [Fact]
    public void Every_text_of_an_exception_and_its_causes_is_plain()
    {
        var cause = new IOException("outer", new InvalidOperationException("in\e[31mner"));
        var error = new EtcdException(
            "AnyError",
            EtcdErrorCategory.NotSpecified,
            "mes\e]0;sage",
            "ac\ation",
            "tar\u202Eget",
            cause
        );
        Assert.Equal(("mes\uFFFD]0;sage", "ac\uFFFDtion"), (error.Message, error.RecommendedAction));
        Assert.Equal("tar\uFFFDget", error.Target);
        Assert.Contains("in\uFFFD[31mner", error.InnerException!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', error.ToString());
    }

    [Fact]
    public void A_plain_cause_is_kept_unchanged()
    {
        var cause = new IOException("outer", new InvalidOperationException("inner"));
        Assert.Same(
            cause,
            new EtcdException("AnyError", EtcdErrorCategory.NotSpecified, "message", inner: cause).InnerException
        );
    }

    [Fact]
    public void Every_text_of_a_connection_is_plain()
    {
        var connection = new EtcdConnection("na\e[1mme", EtcdAccess.Endpoint, ["end\apoint"], "us\u202Eer", null!);
        Assert.Equal("na\uFFFD[1mme", connection.ClusterName);
        Assert.Equal(["end\uFFFDpoint"], connection.Endpoint);
        Assert.Equal("us\uFFFDer", connection.UserName);
    }

    /// <summary>Whether a text with a control character can be assigned and read back.</summary>
    private static bool KeepsControlCharacters(PropertyInfo property)
    {
        object? evil =
            property.PropertyType == typeof(string) ? "a\e[31m"
            : property.PropertyType == typeof(string[]) ? new[] { "a\e[31m" }
            : null;
        if (evil is null || property.SetMethod is null)
            return false;
        object record = Activator.CreateInstance(property.DeclaringType!)!;
        property.SetValue(record, evil);
        return property.GetValue(record) is string[] texts
            ? texts[0].Contains('\e')
            : ((string)property.GetValue(record)!).Contains('\e');
    }
}
