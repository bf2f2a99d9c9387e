using System.Collections;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Makes records an array of their own. PowerShell would do that too, but only after it has tried the parameters that
/// need no conversion: it would bind the record's Member by property name, and what the record says of an earlier
/// failure would be lost; and a record given by position would become a name, which another cluster may have as well.
/// It also lets records through that were stored or came from another process, as members without a connection, so that
/// the cmdlet can say what is wrong with them instead of "the input object cannot be bound"; and those that went
/// through Select-Object, with what it left of them.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemberRecordAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.EtcdMaint.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object?[] records = Bare(inputData) is IList list
            ? [.. list.Cast<object?>().Select(Revive)]
            : [Revive(inputData)];
        if (records.All(record => record is null))
            return inputData;
        if (records.All(record => record is null or EtcdMember))
            return records.Cast<EtcdMember>().ToArray();
        return records.All(record => record is null or IEtcdMemberRecord)
            ? records.Cast<IEtcdMemberRecord>().ToArray()
            : inputData;
    }

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool IsDeserialized(PSObject record) =>
        record.TypeNames.Any(name => name.StartsWith(Deserialized, StringComparison.Ordinal));

    /// <summary>Whether it is what CSV or JSON text leaves of a record: its properties, and no type.</summary>
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
