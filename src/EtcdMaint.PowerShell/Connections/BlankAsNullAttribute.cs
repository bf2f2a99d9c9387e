using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Takes an empty cell of a CSV file as a value that was not given; PowerShell would read it as 0, or as a wrong name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlankAsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return bare is string text && string.IsNullOrWhiteSpace(text) ? null! : inputData;
    }
}
