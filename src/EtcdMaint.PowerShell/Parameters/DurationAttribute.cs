using System.Globalization;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Rejects a duration without a unit, and a negative one. PowerShell would read the number 300 as 300 ticks, which are
/// 30 µs, the text "5" as five days, and "5:00" as five hours.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (bare is null || (bare is string text && string.IsNullOrWhiteSpace(text)))
            return inputData!;
        TimeSpan duration =
            bare is TimeSpan given ? given
            : bare is string written
            && written.Count(c => c == ':') == 2
            && TimeSpan.TryParse(written, CultureInfo.InvariantCulture, out TimeSpan read)
                ? read
            : throw new ArgumentTransformationMetadataException(
                $"'{PlainText.Of($"{bare}")}' is not a duration. Specify hours, minutes and seconds, such as 00:05:00."
            );
        return duration >= TimeSpan.Zero
            ? duration
            : throw new ArgumentTransformationMetadataException($"The duration {duration} is negative.");
    }
}
