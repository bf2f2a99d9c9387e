using System.Globalization;
using System.Text.Json;

namespace EtcdMaint.Engine.Transport.Kubernetes.Objects;

/// <summary>
/// A position in a JSON text. Each method that reads a value begins at its first token and ends at its last one.
/// </summary>
internal ref struct JsonCursor
{
    private Utf8JsonReader _reader;

    public JsonCursor(ReadOnlySpan<byte> text)
    {
        _reader = new Utf8JsonReader(text);
        _reader.Read();
    }

    /// <summary>Returns false for null.</summary>
    /// <exception cref="JsonException">The value is neither an object nor null.</exception>
    public readonly bool IsObject() => Begins(JsonTokenType.StartObject);

    /// <summary>Moves to the next property of the object. Returns false at its end.</summary>
    public bool NextProperty()
    {
        _reader.Read();
        return _reader.TokenType is JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the value of the property if it has this name.</summary>
    public bool IsAt(scoped ReadOnlySpan<byte> name)
    {
        if (!_reader.ValueTextEquals(name))
            return false;
        _reader.Read();
        return true;
    }

    /// <summary>Skips the value, or the property with its value.</summary>
    public void Skip() => _reader.Skip();

    public string? Text() =>
        _reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? _reader.GetString() : throw Unexpected();

    /// <summary>Returns the text of a value that is either a text or a number.</summary>
    public string? TextOrNumber() =>
        _reader.TokenType is not JsonTokenType.Number ? Text()
        : _reader.TryGetInt64(out long number) ? number.ToString(CultureInfo.InvariantCulture)
        : throw Unexpected();

    public int Number() =>
        _reader.TokenType is JsonTokenType.Number && _reader.TryGetInt32(out int number) ? number : throw Unexpected();

    public int? NumberOrNull() => _reader.TokenType is JsonTokenType.Null ? null : Number();

    public readonly bool Flag() =>
        _reader.TokenType is JsonTokenType.True
        || (_reader.TokenType is JsonTokenType.False ? false : throw Unexpected());

    public readonly bool? FlagOrNull() => _reader.TokenType is JsonTokenType.Null ? null : Flag();

    /// <exception cref="FormatException">The text is not a time.</exception>
    public DateTime? Time() =>
        Text() is not { } text ? null
        : _reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time.UtcDateTime
        : throw new FormatException($"'{text}' is not a time.");

    /// <summary>Returns the text of one property of an object, and skips the others.</summary>
    public string? FindText(scoped ReadOnlySpan<byte> name)
    {
        if (!IsObject())
            return null;
        string? found = null;
        while (NextProperty())
            if (IsAt(name))
                found = Text();
            else
                Skip();
        return found;
    }

    /// <summary>Skips an object. Returns false for null.</summary>
    public bool SkipObject()
    {
        if (!IsObject())
            return false;
        Skip();
        return true;
    }

    public List<T?>? List<T>(KubernetesJson.Reader<T> read)
    {
        if (!Begins(JsonTokenType.StartArray))
            return null;
        var items = new List<T?>();
        while (_reader.Read() && _reader.TokenType is not JsonTokenType.EndArray)
            items.Add(read(ref this));
        return items;
    }

    public List<string?>? Texts() => List(static (ref JsonCursor json) => json.Text());

    public Dictionary<string, string?>? Map()
    {
        if (!IsObject())
            return null;
        var entries = new Dictionary<string, string?>(StringComparer.Ordinal);
        while (NextProperty())
        {
            string name = _reader.GetString()!;
            _reader.Read();
            entries[name] = Text();
        }
        return entries;
    }

    /// <exception cref="JsonException">Another value follows.</exception>
    public void End() => _reader.Read();

    private readonly bool Begins(JsonTokenType start) =>
        _reader.TokenType == start || (_reader.TokenType is JsonTokenType.Null ? false : throw Unexpected());

    private readonly JsonException Unexpected() => new($"A {_reader.TokenType} was not expected.");
}
