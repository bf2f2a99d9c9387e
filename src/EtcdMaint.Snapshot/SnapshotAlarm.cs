namespace EtcdMaint.Snapshot;

/// <summary>An armed alarm.</summary>
/// <param name="MemberId">The ID of the member, in lower-case hexadecimal.</param>
/// <param name="Type">The type: <c>NOSPACE</c>, <c>CORRUPT</c>, or the number of a type that is not known.</param>
public sealed record SnapshotAlarm(string MemberId, string Type);
