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
    /// Whether the server may be at work on the call all the same. Only its own refusal, or that nothing was sent, is
    /// certain; whatever else goes wrong on the way may do so in mid-call.
    /// </summary>
    public bool IsOutcomeUnknown => Failure is not (
        CallFailure.NotSent or CallFailure.OtherMember or CallFailure.NotAMember
        or CallFailure.SshHostKeyRefused or CallFailure.SshLoginRefused
        or CallFailure.WayInLoginRejected or CallFailure.WayInForbidden
        or CallFailure.RuntimeMissing or CallFailure.SeveralContainers
        or CallFailure.ProgramMissing or CallFailure.ShellMissing or CallFailure.CertificateUnreadable
        or CallFailure.LoginRequired or CallFailure.LoginFailed or CallFailure.LoginNotEnabled
        or CallFailure.UserUnknown or CallFailure.TokenRejected or CallFailure.PermissionDenied
        or CallFailure.NotSupported or CallFailure.NotSupportedHere or CallFailure.Learner
        or CallFailure.NotLeader or CallFailure.BadTransferee or CallFailure.Compacted or CallFailure.FutureRevision or CallFailure.LeaseNotFound
        or CallFailure.RoleExists or CallFailure.RoleNotFound
        or CallFailure.NoLeader or CallFailure.TooManyRequests or CallFailure.NoSpace or CallFailure.Corrupt or CallFailure.DiskFull);

    public static MemberCallException Create(
        CallFailure failure, MemberPlace place, string? detail = null, Exception? inner = null) =>
        new(failure, FailureTexts.Of(failure), place, detail, inner);

    private static string Sentence(FailureTexts.Row text, MemberPlace place, string? detail)
    {
        string sentence = string.Format(CultureInfo.InvariantCulture, text.Sentence, place);
        return string.IsNullOrEmpty(detail) ? sentence : $"{sentence[..^1]}: {detail.TrimEnd('.')}.";
    }
}
