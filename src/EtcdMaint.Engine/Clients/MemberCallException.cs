using System.Globalization;

namespace EtcdMaint.Engine.Clients;

/// <summary>A call to a member that failed, with the reason in terms that the safety protocol can act on.</summary>
internal sealed class MemberCallException : EtcdException
{
    private MemberCallException(CallFailure failure, FailureTexts.Row text, MemberPlace place, string? detail, Exception? inner)
        : base(text.ErrorId, text.Category, Sentence(text, place, detail), text.Action, place.Endpoint, inner)
    {
        Failure = failure;
        Detail = detail;
    }

    public CallFailure Failure { get; }

    /// <summary>What the server or the network said, free of secrets; null when that adds nothing.</summary>
    public string? Detail { get; }

    /// <summary>
    /// Whether the server may still be at work on the call: it was sent, and no answer to it came back.
    /// </summary>
    public bool IsOutcomeUnknown => Failure is CallFailure.TimedOut or CallFailure.ConnectionLost or CallFailure.HandshakeFailed;

    public static MemberCallException Create(
        CallFailure failure, MemberPlace place, string? detail = null, Exception? inner = null) =>
        new(failure, FailureTexts.Of(failure), place, detail, inner);

    private static string Sentence(FailureTexts.Row text, MemberPlace place, string? detail)
    {
        string sentence = string.Format(CultureInfo.InvariantCulture, text.Sentence, place);
        return string.IsNullOrEmpty(detail) ? sentence : $"{sentence[..^1]}: {detail.TrimEnd('.')}.";
    }
}
