namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Text that goes into a header of a request, as a token does. HTTP allows no control character there, and .NET's own
/// refusal would quote the token.
/// </summary>
internal static class HeaderText
{
    public static bool IsAllowed(string text) => !text.Any(char.IsControl);

    /// <param name="text">What is to be sent.</param>
    /// <param name="source">Where it comes from, for people; the text itself is never shown.</param>
    public static string Check(string text, string source) =>
        IsAllowed(text)
            ? text
            : throw KubeConfigErrors.LoginUnusable(
                $"{source} contains a line break or another control character, which HTTP does not allow in a header.",
                "Write the value on one line. In YAML, a value that begins with '|' ends with a line break."
            );
}
