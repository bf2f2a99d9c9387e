using System.Globalization;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>A failed call to a member, with a reason that the safety checks can evaluate.</summary>
internal sealed class MemberCallException : EtcdException
{
    private MemberCallException(
        CallFailure failure,
        FailureCatalog.Row text,
        MemberAddress place,
        string? detail,
        Exception? inner
    )
        : base(text.ErrorId, text.Category, Sentence(text, place, detail), text.Action, place.Endpoint, inner)
    {
        Failure = failure;
        Detail = detail;
    }

    public CallFailure Failure { get; }

    /// <summary>The message of the server or the network, without secrets, or null if it adds no information.</summary>
    public string? Detail { get; }

    /// <summary>Whether the server may be running the call, or may have finished it.</summary>
    public bool IsOutcomeUnknown => FailureCatalog.Of(Failure).Outcome is CallOutcome.Unknown;

    /// <summary>Whether every voter would answer in the same way.</summary>
    public bool ConcernsCluster => FailureCatalog.Of(Failure).Scope is FailureScope.WholeCluster;

    public static MemberCallException Create(
        CallFailure failure,
        MemberAddress place,
        string? detail = null,
        Exception? inner = null
    ) => new(failure, FailureCatalog.Of(failure), place, detail, inner);

    private static string Sentence(FailureCatalog.Row text, MemberAddress place, string? detail)
    {
        string sentence = string.Format(CultureInfo.InvariantCulture, text.Sentence, place);
        return string.IsNullOrEmpty(detail) ? sentence : $"{sentence[..^1]}: {detail.TrimEnd('.')}.";
    }
}
