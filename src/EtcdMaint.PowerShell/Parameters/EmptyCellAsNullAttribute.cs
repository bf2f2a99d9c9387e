using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Takes an empty cell of a CSV file as a value that was not given; PowerShell would read it as 0, or as a wrong name.
/// Other text is converted here already: a value that still needs it is bound later, when PowerShell has settled on the
/// default way in and a column that names another one is no longer looked at.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyCellAsNullAttribute(Type type) : ArgumentTransformationAttribute
{
    /// <summary>
    /// What stands for an empty cell where null, which PowerShell binds late too, would hide other columns.
    /// </summary>
    public object? As { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (bare is not string text)
            return inputData;
        if (string.IsNullOrWhiteSpace(text))
            return As!;
        return LanguagePrimitives.TryConvertTo(text, type, CultureInfo.InvariantCulture, out object value)
            ? value
            : inputData;
    }
}
