using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdMaint.Reports;

/// <summary>
/// The style of the page in two sheets, because programs that show mail drop a sheet with rules that they do not know.
/// The first sheet has no variables and no conditions, and is short enough for these programs. The second one adds the
/// colors of the dark theme, and changes for narrow screens and for paper.
/// </summary>
internal static partial class ReportStyle
{
    private const string Variables = ":root";

    private static readonly Lazy<(string Plain, string Themed)> Sheets = new(ReadSheets);

    /// <summary>Colors as plain values.</summary>
    public static Html Plain => Html.Trusted(Sheets.Value.Plain);

    /// <summary>The variables, the conditions, and every declaration of a property that has a color.</summary>
    public static Html Themed => Html.Trusted(Sheets.Value.Themed);

    private static (string Plain, string Themed) ReadSheets()
    {
        (string Selector, string Body)[] rules = [.. Rules(ReadResource())];
        Dictionary<string, string> light = Declaration()
            .Matches(Array.Find(rules, rule => rule.Selector == Variables).Body)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        HashSet<string> themed =
        [
            .. rules
                .Where(IsPlainRule)
                .SelectMany(rule => Declaration().Matches(rule.Body))
                .Where(match => Variable().IsMatch(match.Value))
                .Select(match => match.Groups["name"].Value),
        ];

        var (plainSheet, themedSheet) = (new StringBuilder(), new StringBuilder());
        foreach ((string selector, string body) in rules)
        {
            if (!IsPlainRule((selector, body)))
            {
                themedSheet.Append($"{selector} {{{body}}}\n");
                continue;
            }
            plainSheet.Append($"{selector} {{{Variable().Replace(body, match => light[match.Groups[1].Value])}}}\n");
            string[] colored =
            [
                .. Declaration()
                    .Matches(body)
                    .Where(match => themed.Contains(match.Groups["name"].Value))
                    .Select(match => match.Value),
            ];
            if (colored.Length > 0)
                themedSheet.Append($"{selector} {{ {string.Join(" ", colored.Select(WithFallback))} }}\n");
        }
        return (plainSheet.ToString().TrimEnd(), themedSheet.ToString().TrimEnd());

        string WithFallback(string declaration) =>
            Variable().Replace(declaration, match => $"var({match.Groups[1].Value}, {light[match.Groups[1].Value]})");
    }

    private static bool IsPlainRule((string Selector, string Body) rule) =>
        rule.Selector != Variables && rule.Selector[0] != '@';

    /// <summary>Returns the rules of a sheet. A condition is one rule, with its own rules as the body.</summary>
    private static IEnumerable<(string Selector, string Body)> Rules(string sheet)
    {
        (int start, int open, int depth) = (0, 0, 0);
        for (int i = 0; i < sheet.Length; i++)
        {
            if (sheet[i] == '{' && depth++ == 0)
                open = i;
            if (sheet[i] != '}' || --depth > 0)
                continue;
            yield return (sheet[start..open].Trim(), sheet[(open + 1)..i]);
            start = i + 1;
        }
    }

    private static string ReadResource()
    {
        using Stream style = Assembly.GetExecutingAssembly().GetManifestResourceStream("ReportPage.css")!;
        using var reader = new StreamReader(style);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<name>[\w-]+):\s*(?<value>[^;{}]+);", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"var\((--[\w-]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
