using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>The tokens of a YAML text, one ahead.</summary>
internal sealed class YamlTokens(TextReader text)
{
    private readonly Scanner _scanner = new(text);
    private Token? _current;

    /// <summary>The next token, which is not taken yet.</summary>
    /// <exception cref="YamlException">The text is not YAML, or it has ended.</exception>
    public Token Current => _current ??= Read();

    public bool TryTake<T>([NotNullWhen(true)] out T? token)
        where T : Token
    {
        token = Current as T;
        if (token is null)
            return false;
        _scanner.ConsumeCurrent();
        _current = null;
        return true;
    }

    public bool TryTake<T>()
        where T : Token => TryTake<T>(out _);

    /// <exception cref="YamlException">The next token is another one.</exception>
    public void Take<T>()
        where T : Token
    {
        if (!TryTake<T>())
            throw Unexpected();
    }

    public YamlException Unexpected() =>
        Error(Current, $"The text contains {Current.GetType().Name} in a wrong place.");

    public static YamlException Error(Token token, string message) => new(token.Start, token.End, message);

    private Token Read()
    {
        if (!_scanner.MoveNextWithoutConsuming())
            throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "The text ends too early.");
        return _scanner.Current is Error error ? throw Error(error, error.Value) : _scanner.Current!;
    }
}
