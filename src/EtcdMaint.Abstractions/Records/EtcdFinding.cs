namespace EtcdMaint;

/// <summary>One thing that a health check found.</summary>
public sealed class EtcdFinding
{
    /// <summary>What it is, in one word that scripts can match, for example <c>NoSpaceArmed</c>.</summary>
    public string FindingId { get; internal init; } = "";

    /// <summary>How much it matters.</summary>
    public EtcdFindingSeverity Severity { get; internal init; }

    /// <summary>The member that it concerns; null when it is the whole cluster.</summary>
    public string? MemberName { get; internal init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; internal init; }

    /// <summary>The finding's ID and sentence.</summary>
    public override string ToString() => $"{FindingId}: {Message}";
}
