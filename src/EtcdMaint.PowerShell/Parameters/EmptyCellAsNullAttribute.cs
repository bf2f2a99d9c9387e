using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Treats an empty cell of a CSV file as a value that was not specified. PowerShell would read it as 0 or as an invalid
/// name. The attribute also converts other text. PowerShell binds a value that needs a conversion later, after it has
/// selected the default parameter set, and would then ignore a column of another set.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyCellAsNullAttribute(Type type) : ArgumentTransformationAttribute
{
    /// <summary>
    /// The value for an empty cell if null, which PowerShell also binds late, would hide other columns.
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
