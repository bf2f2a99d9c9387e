using System.Collections;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Converts records to a typed array. PowerShell would also convert them, but only after it has tried the parameters
/// that need no conversion. It would bind the Member of a record by property name and lose the result of an earlier
/// step. It would bind a record by position as a name, which a member of another cluster can have as well. The
/// attribute also accepts records that were stored or came from another process, as members without a connection, so
/// that the cmdlet can report a specific error instead of "the input object cannot be bound". It also accepts records
/// that Select-Object reduced to some of their properties. In the parameter that takes anything, a text is the name of
/// a member, and any other object is accepted as unusable, so that the cmdlet can report one error for all of them.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemberRecordAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.EtcdMaint.";

    /// <summary>Whether names and unusable objects are accepted too.</summary>
    public bool TakesAnything { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object?[] records = Bare(inputData) is IList list
            ? [.. list.Cast<object?>().Select(Revive)]
            : [Revive(inputData)];
        if (records.All(record => record is null))
            return inputData;
        if (TakesAnything && Bare(inputData) is string name)
            return new IEtcdMemberRecord[] { new PipedName(name) };
        if (records.All(record => record is null or EtcdMember))
            return records.Cast<EtcdMember>().ToArray();
        if (records.All(record => record is null or IEtcdMemberRecord))
            return records.Cast<IEtcdMemberRecord>().ToArray();
        return TakesAnything && IsUnusable(Bare(inputData))
            ? new IEtcdMemberRecord[] { new UnusableInput(PSObject.AsPSObject(inputData)) }
            : inputData;
    }

    /// <summary>
    /// Whether the object is neither a connection, which another parameter takes, nor a value such as a number, which
    /// an argument can use as a name.
    /// </summary>
    private static bool IsUnusable(object? value) => value is not (null or IList or EtcdConnection or IConvertible);

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool IsDeserialized(PSObject record) =>
        record.TypeNames.Any(name => name.StartsWith(Deserialized, StringComparison.Ordinal));

    /// <summary>
    /// Whether the object comes from CSV or JSON text: it has the properties of a record and no type.
    /// </summary>
    private static bool IsFromText(PSObject record) =>
        record.BaseObject is PSCustomObject
        && record.Properties[nameof(EtcdMember.ClusterId)] is not null
        && record.Properties[nameof(EtcdMember.MemberId)] is not null;

    private static object? Revive(object? value)
    {
        if (value is not PSObject record)
            return value;
        if (SelectedRecord.Read(record) is { } selected)
            return selected;
        if (!IsDeserialized(record) && !IsFromText(record))
            return record.BaseObject;
        return new EtcdMember
        {
            ClusterName = Text(record, nameof(EtcdMember.ClusterName)),
            ClusterId = Text(record, nameof(EtcdMember.ClusterId)),
            MemberId = Text(record, nameof(EtcdMember.MemberId)),
            MemberName = Text(record, nameof(EtcdMember.MemberName)),
        };
    }

    private static string Text(PSObject record, string property) =>
        record.Properties[property]?.Value?.ToString() ?? "";
}
