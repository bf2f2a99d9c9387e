namespace EtcdMaint.TestCluster;

/// <summary>An archive that this machine's apt uses, in either of the formats of sources.list(5).</summary>
internal sealed record AptSource(
    string Uri,
    IReadOnlyList<string> Suites,
    IReadOnlyList<string> Components,
    string? SignedBy
)
{
    public static IReadOnlyList<AptSource> OfThisMachine()
    {
        const string Folder = "/etc/apt/sources.list.d";
        var oneLine = Files(Folder, "*.list").Prepend("/etc/apt/sources.list").Where(File.Exists);
        return
        [
            .. Files(Folder, "*.sources").SelectMany(file => ParseDeb822(File.ReadAllText(file))),
            .. oneLine.SelectMany(file => ParseOneLine(File.ReadAllLines(file))),
        ];
    }

    /// <summary>
    /// Lines such as <c>deb [signed-by=/usr/share/keyrings/x.gpg] http://archive.example/debian bookworm main</c>.
    /// </summary>
    public static IEnumerable<AptSource> ParseOneLine(IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(line => line.Split('#')[0].Trim()))
        {
            if (
                !line.StartsWith("deb ", StringComparison.Ordinal)
                && !line.StartsWith("deb\t", StringComparison.Ordinal)
            )
                continue;

            var rest = line[3..].Trim();
            string? signedBy = null;
            if (rest.StartsWith('['))
            {
                var end = rest.IndexOf(']');
                signedBy = Words(rest[1..end])
                    .FirstOrDefault(option => option.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase))
                    ?["signed-by=".Length..];
                rest = rest[(end + 1)..];
            }

            var words = Words(rest);
            if (words.Length >= 2)
                yield return new AptSource(words[0], [words[1]], words[2..], signedBy);
        }
    }

    /// <summary>
    /// Paragraphs of <c>Types</c>, <c>URIs</c>, <c>Suites</c>, <c>Components</c> and <c>Signed-By</c>.
    /// </summary>
    public static IEnumerable<AptSource> ParseDeb822(string text)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            var fields = Fields(paragraph);
            if (
                !Words(fields.GetValueOrDefault("Types", "")).Contains("deb")
                || fields.GetValueOrDefault("Enabled") == "no"
            )
                continue;

            // Signed-By may also contain a complete key, over several lines: then the default keyring is used.
            var signedBy = fields.GetValueOrDefault("Signed-By") is { } value && value.StartsWith('/') ? value : null;
            foreach (var uri in Words(fields.GetValueOrDefault("URIs", "")))
                yield return new AptSource(
                    uri,
                    Words(fields.GetValueOrDefault("Suites", "")),
                    Words(fields.GetValueOrDefault("Components", "")),
                    signedBy
                );
        }
    }

    private static Dictionary<string, string> Fields(string paragraph)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in paragraph.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (char.IsWhiteSpace(line[0]) && last.Length > 0)
            {
                fields[last] += "\n" + line.Trim();
                continue;
            }

            var pair = line.Split(':', 2);
            if (pair.Length == 2)
                fields[last = pair[0].Trim()] = pair[1].Trim();
        }
        return fields;
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
