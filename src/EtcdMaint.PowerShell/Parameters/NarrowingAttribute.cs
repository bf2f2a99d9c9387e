using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Marks a parameter that limits what a cmdlet does, or where. An unset variable as its value must not have the same
/// effect as omitting the parameter, so the cmdlet ends with an error before it starts. An empty cell of a CSV file,
/// which arrives through the pipeline, still counts as a value that was not specified.
/// </summary>
/// <param name="type">The type of a nullable parameter, for which empty text means null. PowerShell would read it as
/// 0.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NarrowingAttribute(Type? type = null) : ArgumentTransformationAttribute
{
    private readonly EmptyCellAsNullAttribute? _blank = type is null ? null : new EmptyCellAsNullAttribute(type);

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        _blank is null ? inputData : _blank.Transform(engineIntrinsics, inputData);

    /// <summary>Returns the marked parameter that has no value on the command line; null if there is none.</summary>
    /// <param name="cmdlet">The cmdlet, before the pipeline binds anything.</param>
    public static string? FindEmpty(PSCmdlet cmdlet) =>
        cmdlet
            .MyInvocation.BoundParameters.Where(bound =>
                IsEmpty(bound.Value)
                && cmdlet.GetType().GetProperty(bound.Key)?.GetCustomAttribute<NarrowingAttribute>() is not null
            )
            .Select(bound => bound.Key)
            .FirstOrDefault();

    private static bool IsEmpty(object? value) =>
        value switch
        {
            null => true,
            string text => string.IsNullOrWhiteSpace(text),
            IEnumerable items => items.Cast<object?>().All(IsEmpty),
            _ => false,
        };
}
