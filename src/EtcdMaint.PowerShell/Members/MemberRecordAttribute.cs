using System.Collections;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Makes the record an array of its own. PowerShell would do that too, but only after it has tried the parameters that
/// need no conversion: it would bind the record's Member by property name, and what the record says of an earlier
/// failure would be lost. It also lets records through that were stored or came from another process, as members without a connection, so that the
/// cmdlet can say what is wrong with them instead of "the input object cannot be bound".
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemberRecordAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.EtcdMaint.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (bare is IList list)
            return list.Cast<object?>().Any(IsDeserialized) ? list.Cast<object?>().Select(Revive).ToArray() : inputData;
        return Revive(inputData) switch
        {
            PSObject { BaseObject: EtcdMember member } => new[] { member },
            PSObject { BaseObject: IEtcdMemberRecord record } => new[] { record },
            EtcdMember member => new[] { member },
            IEtcdMemberRecord record => new[] { record },
            var other => other!,
        };
    }

    private static bool IsDeserialized(object? value) =>
        value is PSObject record && record.TypeNames.Any(name => name.StartsWith(Deserialized, StringComparison.Ordinal));

    private static object? Revive(object? value)
    {
        if (!IsDeserialized(value) || value is not PSObject record)
            return value;
        return new EtcdMember
        {
            ClusterName = Text(record, nameof(EtcdMember.ClusterName)),
            ClusterId = Text(record, nameof(EtcdMember.ClusterId)),
            MemberId = Text(record, nameof(EtcdMember.MemberId)),
            MemberName = Text(record, nameof(EtcdMember.MemberName)),
        };
    }

    private static string Text(PSObject record, string property) => record.Properties[property]?.Value?.ToString() ?? "";
}
