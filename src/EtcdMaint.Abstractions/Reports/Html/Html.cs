using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace EtcdMaint.Reports;

/// <summary>
/// A fragment of a page. Values in an interpolated string are escaped unless they are fragments, so that no name or
/// message of a cluster can become markup.
/// </summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html None => default;

    public static Html Of(Builder builder) => new(builder.ToString());

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece._markup)));

    /// <summary>Uses the text as markup. Only for text that ships with the module.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>The fragment if it is wanted, otherwise nothing.</summary>
    public static Html When(bool isWanted, Func<Html> make) => isWanted ? make() : None;

    public override string ToString() => _markup ?? "";

    [InterpolatedStringHandler]
    public readonly struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Html piece) => _text.Append(piece._markup);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(long number) => _text.Append(number.ToString("N0", CultureInfo.InvariantCulture));

        /// <summary>Appends a share of the width, in percent.</summary>
        public void AppendFormatted(double percent) =>
            _text.Append(Math.Clamp(percent, 0, 100).ToString("0.##", CultureInfo.InvariantCulture)).Append('%');

        public override string ToString() => _text.ToString();
    }
}
