using System.Net;
using System.Text;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The headers that let a request act as another user. kubectl refuses the same combinations. Source: client-go,
/// transport/round_trippers.go.
/// </summary>
internal static class Impersonation
{
    public const string Prefix = "Impersonate-";

    private const string TokenSigns = "!#$&'*+-.^_`|~";

    public static IReadOnlyList<KeyValuePair<string, string>> Read(KubeNode user)
    {
        KeyValuePair<string, string>[] more =
        [
            .. user.Text("as-uid") is { } uid
                ? [Header(Prefix + "Uid", uid, "as-uid")]
                : Array.Empty<KeyValuePair<string, string>>(),
            .. user.Texts("as-groups").Select(group => Header(Prefix + "Group", group, "as-groups")),
            .. user.Child("as-user-extra")
                .Keys.SelectMany(key =>
                    user.Child("as-user-extra")
                        .Texts(key)
                        .Select(value => Header(Prefix + "Extra-" + Escape(key), value, "as-user-extra"))
                ),
        ];
        if (user.Text("as") is { } name)
            return [Header(Prefix + "User", name, "as"), .. more];
        return more.Length == 0
            ? []
            : throw KubeConfigErrors.Unusable(
                "The user of the kubeconfig has as-uid, as-groups or as-user-extra, but no as.",
                "Add the user to act as, or remove the other fields.",
                null,
                null
            );
    }

    /// <summary>
    /// Adds the headers. A header with several values requires HTTP/1.1 (see <see cref="RepeatedHeader"/>).
    /// </summary>
    public static void AddTo(HttpRequestMessage request, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (
            IGrouping<string, string> header in headers.GroupBy(
                h => h.Key,
                h => h.Value,
                StringComparer.OrdinalIgnoreCase
            )
        )
        {
            if (header.Count() > 1)
                request.Version = HttpVersion.Version11;
            request.Headers.Remove(header.Key);
            request.Headers.TryAddWithoutValidation(header.Key, RepeatedHeader.Join(header));
        }
    }

    private static KeyValuePair<string, string> Header(string name, string value, string field) =>
        new(name, HeaderText.Check(value, $"The field {field} of the kubeconfig"));

    /// <summary>
    /// Escapes the bytes that a header name cannot contain. It also escapes a percent sign, because the API server
    /// decodes it.
    /// </summary>
    private static string Escape(string key) =>
        string.Concat(
            Encoding
                .UTF8.GetBytes(key)
                .Select(b =>
                    char.IsAsciiLetterOrDigit((char)b) || TokenSigns.Contains((char)b)
                        ? ((char)b).ToString()
                        : $"%{b:X2}"
                )
        );
}
