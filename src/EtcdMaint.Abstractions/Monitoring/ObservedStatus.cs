namespace EtcdMaint.Monitoring;

/// <summary>The status of a member in a sequence of readings.</summary>
/// <param name="Status">The row of this reading, with the rates since the reading before.</param>
/// <param name="Change">The last change of the member, as the rest of a line; null if there was none lately.</param>
/// <param name="ChangeAge">The time since this change.</param>
internal sealed record ObservedStatus(EtcdMemberStatus Status, string? Change, TimeSpan ChangeAge);
