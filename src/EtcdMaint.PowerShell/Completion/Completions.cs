using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Returns the candidates that begin with the typed text, in quotation marks if necessary.</summary>
internal static class Completions
{
    public static IEnumerable<CompletionResult> Of(
        string? wordToComplete,
        IEnumerable<(string Text, string Hint)> candidates
    )
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        var pattern = new WildcardPattern(WildcardPattern.Escape(typed) + "*", WildcardOptions.IgnoreCase);
        return
        [
            .. candidates
                .Where(candidate =>
                    candidate.Text.Length > 0 && PlainText.IsPlain(candidate.Text) && pattern.IsMatch(candidate.Text)
                ) // PowerShell rejects an empty result
                .DistinctBy(candidate => candidate.Text)
                .Select(candidate => new CompletionResult(
                    Quoted(candidate.Text),
                    candidate.Text,
                    CompletionResultType.ParameterValue,
                    candidate.Hint
                )),
        ];
    }

    private static string Quoted(string text) =>
        text.All(character => char.IsAsciiLetter(character) || character is '-' or '_' or '.')
            ? text
            : $"'{text.Replace("'", "''")}'";
}
