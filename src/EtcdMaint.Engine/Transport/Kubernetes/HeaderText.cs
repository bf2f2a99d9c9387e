namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Checks text for a request header, such as a token. HTTP allows no control characters there, and the error of .NET
/// would quote the token.
/// </summary>
internal static class HeaderText
{
    public static bool IsAllowed(string text) => !text.Any(char.IsControl);

    /// <param name="text">The text to send.</param>
    /// <param name="source">The source of the text, for messages. The text itself is never shown.</param>
    public static string Check(string text, string source) =>
        IsAllowed(text)
            ? text
            : throw KubeConfigErrors.LoginUnusable(
                $"{source} contains a line break or another control character, which HTTP does not allow in a header.",
                "Write the value on one line. In YAML, a value that begins with '|' ends with a line break."
            );
}
