using System.Text;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Writes a header once for each of its values. .NET joins the values with commas, and an API server then reads two
/// impersonated groups as one group with a long name. This works only over HTTP/1.1, where a header is a line of text.
/// </summary>
internal sealed class RepeatedHeader(string name) : Encoding
{
    /// <summary>A control character, which <see cref="HeaderText"/> does not allow in a value.</summary>
    private const char Separator = '\u001f';

    public static string Join(IEnumerable<string> values) => string.Join(Separator, values);

    public override int GetByteCount(char[] chars, int index, int count) =>
        UTF8.GetByteCount(Expand(chars, index, count));

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(Expand(chars, charIndex, charCount), bytes.AsSpan(byteIndex));

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount * (name.Length + 4));

    public override int GetCharCount(byte[] bytes, int index, int count) => UTF8.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        UTF8.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);

    private string Expand(char[] chars, int index, int count) =>
        new string(chars, index, count).Replace(Separator.ToString(), $"\r\n{name}: ", StringComparison.Ordinal);
}
