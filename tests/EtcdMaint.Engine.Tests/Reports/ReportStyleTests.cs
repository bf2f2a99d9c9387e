using System.Text.RegularExpressions;
using EtcdMaint.Reports;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>
/// The style of the page holds in programs that show mail. They know no variables, drop conditions and the sheets that
/// contain them, and drop long sheets.
/// </summary>
public sealed class ReportStyleTests
{
    /// <summary>Characters. A mail service removes longer sheets.</summary>
    private const int LongestSheet = 8192;

    private static readonly string Page = ReportPage
        .Render([SampleReports.Rescued], DateTimeOffset.UnixEpoch)
        .ToString();

    private static readonly string[] Sheets =
    [
        .. Regex.Matches(Page, "(?s)<style>(.*?)</style>").Select(match => match.Groups[1].Value),
    ];

    [Fact]
    public void The_first_sheet_has_no_variable_and_no_condition()
    {
        Assert.Equal(2, Sheets.Length);
        Assert.DoesNotContain("var(", Sheets[0], StringComparison.Ordinal);
        Assert.DoesNotContain("--", Sheets[0], StringComparison.Ordinal);
        Assert.DoesNotContain("@", Sheets[0], StringComparison.Ordinal);
        Assert.Contains("body { margin: 0; background: #f5f7fa; color: #17202b;", Sheets[0], StringComparison.Ordinal);
        Assert.Contains(".badge.bad { background: #fde7e8; color: #b4232a; }", Sheets[0], StringComparison.Ordinal);
    }

    [Fact]
    public void No_sheet_is_too_long_for_mail() =>
        Assert.All(Sheets, sheet => Assert.InRange(sheet.Length, 1, LongestSheet));

    [Fact]
    public void Each_variable_follows_a_plain_value_of_the_same_property_and_has_one_itself()
    {
        int variables = 0;
        foreach ((string selector, string property, string value) in Declarations(Sheets[1]))
        {
            if (!value.Contains("var(", StringComparison.Ordinal))
                continue;
            variables++;
            Assert.Contains(Declarations(Sheets[0]), plain => plain.Selector == selector && plain.Property == property);
            Assert.Matches(@"var\(--[\w-]+, #[0-9a-f]{6}\)", value);
        }
        Assert.InRange(variables, 50, 200);
    }

    /// <summary>
    /// Otherwise a color of the first sheet that overrides another one would lose to the second sheet.
    /// </summary>
    [Fact]
    public void The_second_sheet_repeats_plain_values_of_colored_properties_in_the_same_order()
    {
        var colored = Declarations(Sheets[1]).Select(d => d.Property).ToHashSet();
        Assert.Equal(
            Declarations(Sheets[0]).Where(d => colored.Contains(d.Property)).Select(d => (d.Selector, d.Property)),
            Declarations(Sheets[1]).Select(d => (d.Selector, d.Property))
        );
    }

    /// <summary>The declarations outside of conditions and of the list of variables.</summary>
    private static (string Selector, string Property, string Value)[] Declarations(string sheet) =>
        [
            .. Regex
                .Matches(sheet, @"(?m)^(?<selector>[^@:\s{}][^{}@]*?) \{(?<body>[^{}]*)\}$")
                .SelectMany(rule =>
                    Regex
                        .Matches(rule.Groups["body"].Value, @"([\w-]+):\s*([^;]+);")
                        .Select(d => (rule.Groups["selector"].Value, d.Groups[1].Value, d.Groups[2].Value))
                ),
        ];
}
