using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The range of a nullable parameter. ValidateRange of PowerShell rejects null with an error ID that does not show the
/// cause.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalRangeAttribute(double minimum, double maximum) : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null)
            return;
        double value = LanguagePrimitives.ConvertTo<double>(arguments);
        if (!(value >= minimum))
            throw new ValidationMetadataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The value {arguments} is less than the minimum, {minimum}."
                )
            );
        if (value > maximum)
            throw new ValidationMetadataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The value {arguments} is greater than the maximum, {maximum}."
                )
            );
    }
}
