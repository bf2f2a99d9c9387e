using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Rejects a duration without a unit. PowerShell would read the number 300 as 300 ticks, which are 30 µs, and the text
/// "5" as five days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (bare is null or TimeSpan || bare is string text && string.IsNullOrWhiteSpace(text))
            return inputData!;
        if (
            bare is not string written
            || !written.Contains(':', StringComparison.Ordinal)
            || !TimeSpan.TryParse(written, CultureInfo.InvariantCulture, out TimeSpan duration)
        )
            throw new ArgumentTransformationMetadataException(
                $"'{PlainText.Of($"{bare}")}' is not a duration. Specify hours, minutes and seconds, such as 00:05:00."
            );
        return duration < TimeSpan.Zero
            ? throw new ArgumentTransformationMetadataException($"The duration {written} is negative.")
            : duration;
    }
}
